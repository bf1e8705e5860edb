"""Files and folders: atomic writes, durability, regular files and the desktop's file manager."""
