"""What all tests share."""

import signal

from hypothesis import settings

# No test here fails because a machine is slow.
settings.register_profile("workshop", deadline=None, print_blob=True)
settings.load_profile("workshop")

# Under nohup, or behind a shell's &, what a test starts would be deaf to these.
for _name, _usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    if signal.getsignal(_number := getattr(signal, _name, signal.SIGINT)) == signal.SIG_IGN:
        signal.signal(_number, _usual)
