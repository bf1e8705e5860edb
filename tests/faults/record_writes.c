/* Records, in order, the system calls of a program that change the files of one directory, and what
 * it prints on its standard output and error.
 *
 *     cc -shared -fPIC -O1 -o record_writes.so record_writes.c
 *     LD_PRELOAD=./record_writes.so RECORD_ROOT=/the/directory RECORD_LOG=/a/file program
 *
 * The log is a sequence of records: one letter, three 64-bit numbers (the file's inode, a number,
 * the length of the payload), and the payload. power.py reads it and documents the letters.
 *
 * A lock is held during each call and its record, so that the records have the order of the calls
 * in all threads of the program.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX];
static int log_file = -1;
static struct { char kind; uint64_t inode; } opened[MOST_FILES]; /* 'f'ile, 'd'irectory or none */

static void record(char letter, uint64_t inode, uint64_t number, const void *bytes, uint64_t length) {
    char head[25];
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, length}};
    head[0] = letter;
    memcpy(head + 1, &inode, 8);
    memcpy(head + 9, &number, 8);
    memcpy(head + 17, &length, 8);
    if (syscall(SYS_writev, log_file, parts, 2) != (long)(sizeof head + length)) abort();
}

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("RECORD_ROOT"), *log = getenv("RECORD_LOG");
    if (!where || !log || !realpath(where, root)) return;
    log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_file < 0) abort();
}

/* Whether `path` lies in the directory; its name in there is put in `name` ("" for itself). */
static int inside(int at, const char *path, char *name) {
    char copy[PATH_MAX], whole[PATH_MAX], *slash;
    const char *last = path;
    if (log_file < 0 || !path || strlen(path) >= PATH_MAX) return 0;
    if (path[0] != '/' && at != AT_FDCWD) return 0;
    if (realpath(path, whole) && !strcmp(whole, root)) {
        name[0] = 0;
        return 1;
    }
    strcpy(copy, path);
    slash = strrchr(copy, '/');
    if (slash) {
        last = path + (slash - copy) + 1;
        *(slash == copy ? slash + 1 : slash) = 0;
    }
    if (!realpath(slash ? copy : ".", whole) || strcmp(whole, root)) return 0;
    strcpy(name, last);
    return 1;
}

static uint64_t inode_of(int file) {
    struct stat about;
    return fstat(file, &about) ? 0 : about.st_ino;
}

static int is_directory(int file) {
    struct stat about;
    return !fstat(file, &about) && S_ISDIR(about.st_mode);
}

static void forget(int file) {
    if (file >= 0 && file < MOST_FILES) opened[file].kind = 0;
}

static int tracked(int file) {
    return log_file >= 0 && file >= 0 && file < MOST_FILES && opened[file].kind;
}

static int open_at(int at, const char *path, int flags, mode_t mode) {
    char name[PATH_MAX];
    struct stat about;
    int file, ours, there;
    pthread_mutex_lock(&lock);
    ours = inside(at, path, name);
    there = ours && !fstatat(at, path, &about, 0);
    file = (int)syscall(SYS_openat, at, path, flags, mode);
    if (file >= 0) {
        int why = errno;
        forget(file);
        if (ours && !(name[0] && is_directory(file))) { /* no folder in the directory */
            if (file >= MOST_FILES) abort();
            opened[file].kind = name[0] ? 'f' : 'd';
            opened[file].inode = inode_of(file);
            if (!there) record('C', opened[file].inode, 0, name, strlen(name));
            else if (flags & O_TRUNC) record('T', opened[file].inode, 0, "", 0);
        }
        errno = why;
    }
    pthread_mutex_unlock(&lock);
    return file;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_at(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_at(at, path, flags, mode); }

int close(int file) {
    pthread_mutex_lock(&lock);
    forget(file);
    int done = (int)syscall(SYS_close, file);
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t written(int file, const void *bytes, ssize_t done, off_t at) {
    int why = errno;
    if (done > 0 && tracked(file)) record('W', opened[file].inode, (uint64_t)at, bytes, (uint64_t)done);
    else if (done > 0 && log_file >= 0 && (file == 1 || file == 2)) record('O', 0, 0, bytes, (uint64_t)done);
    errno = why;
    return done;
}

ssize_t write(int file, const void *bytes, size_t length) {
    pthread_mutex_lock(&lock);
    ssize_t done = syscall(SYS_write, file, bytes, length);
    off_t after = tracked(file) ? lseek(file, 0, SEEK_CUR) : 0;
    done = written(file, bytes, done, after - (done > 0 ? done : 0));
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
    pthread_mutex_lock(&lock);
    ssize_t done = written(file, bytes, syscall(SYS_pwrite64, file, bytes, length, at), at);
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) { return pwrite(file, bytes, length, at); }

/* Ways of writing that the program does not use: it is aborted, so that no record is missing. */
static void refuse(int file) {
    if (tracked(file)) abort();
}
ssize_t writev(int file, const struct iovec *parts, int many) {
    refuse(file);
    return syscall(SYS_writev, file, parts, many);
}
ssize_t sendfile(int file, int from, off_t *at, size_t length) {
    refuse(file);
    return syscall(SYS_sendfile, file, from, at, length);
}
int fallocate(int file, int how, off_t at, off_t length) {
    refuse(file);
    return (int)syscall(SYS_fallocate, file, how, at, length);
}

int ftruncate(int file, off_t length) {
    pthread_mutex_lock(&lock);
    int done = (int)syscall(SYS_ftruncate, file, length);
    if (!done && tracked(file)) record('T', opened[file].inode, (uint64_t)length, "", 0);
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate64(int file, off64_t length) { return ftruncate(file, length); }

static int synced(int file, int done) {
    if (!done && tracked(file)) record(opened[file].kind == 'd' ? 'D' : 'S', opened[file].inode, 0, "", 0);
    return done;
}

int fsync(int file) {
    pthread_mutex_lock(&lock);
    int done = synced(file, (int)syscall(SYS_fsync, file));
    pthread_mutex_unlock(&lock);
    return done;
}

int fdatasync(int file) {
    pthread_mutex_lock(&lock);
    int done = synced(file, (int)syscall(SYS_fdatasync, file));
    pthread_mutex_unlock(&lock);
    return done;
}

static int unlinked(int at, const char *path, int how) {
    char name[PATH_MAX];
    pthread_mutex_lock(&lock);
    int ours = inside(at, path, name);
    int done = (int)syscall(SYS_unlinkat, at, path, how);
    if (!done && ours) record('U', 0, 0, name, strlen(name));
    pthread_mutex_unlock(&lock);
    return done;
}
int unlink(const char *path) { return unlinked(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int how) { return unlinked(at, path, how); }

/* A file in the directory gets another name there: `letter` says whether it keeps the old one. */
static int named(char letter, int at, const char *from, int to_at, const char *to, int how) {
    char names[2 * PATH_MAX], other[PATH_MAX];
    int done;
    pthread_mutex_lock(&lock);
    int left = inside(at, from, names), came = inside(to_at, to, other);
    if (left != came) abort(); /* out of the directory, or into it */
    if (letter == 'R') done = (int)syscall(SYS_renameat2, at, from, to_at, to, how);
    else done = (int)syscall(SYS_linkat, at, from, to_at, to, how);
    if (!done && left) {
        size_t length = strlen(names);
        strcpy(names + length + 1, other);
        record(letter, 0, 0, names, length + 1 + strlen(other));
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int rename(const char *from, const char *to) { return named('R', AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int at, const char *from, int to_at, const char *to) { return named('R', at, from, to_at, to, 0); }
int link(const char *from, const char *to) { return named('L', AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int at, const char *from, int to_at, const char *to, int how) { return named('L', at, from, to_at, to, how); }
