// Makes one call of a kind fail, for scripts/soak faults: preloaded, it stands before libc's own functions.
//   SOAK_FOLDER  only what lies below it counts        SOAK_CALL   the kind, one of kKinds
//   SOAK_NTH     which of them fails, 0 for none       SOAK_ERRNO  with what
//   SOAK_LASTS   1: those after it fail too, as on a disk that stays full
//   SOAK_TOLD    a file that hears of the failed call, and at the end how many there were of each kind
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, CREATE, READ, WRITE, SYNC, CLOSE, TRUNCATE, RENAME, MKDIR, UNLINK, LIST, LOOK, MAP, KINDS };
static const char* const kKinds[KINDS] = {"open",   "create", "read",   "write", "sync", "close", "truncate",
                                          "rename", "mkdir",  "unlink", "list",  "look", "map"};
static atomic_int calls[KINDS];

static const char* given(const char* name) {
    const char* value = getenv(name);
    return value ? value : "";
}

// By system calls, so that nothing here is counted or fails.
static void tell(const char* line) {
    const int file = (int)syscall(SYS_openat, AT_FDCWD, given("SOAK_TOLD"), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (syscall(SYS_write, file, line, strlen(line)) < 0) _exit(99);
    syscall(SYS_close, file);
}

__attribute__((destructor)) static void tell_counts(void) {
    char line[128];
    for (int i = 0; i < KINDS; ++i) {
        snprintf(line, sizeof line, "count %s %d\n", kKinds[i], atomic_load(&calls[i]));
        tell(line);
    }
}

static int told_errno(void) {
    return errno = atoi(given("SOAK_ERRNO"));
}

static int fails(int kind, const char* path) {
    const char* folder = given("SOAK_FOLDER");
    if (!*folder || strncmp(path, folder, strlen(folder)) != 0) return 0;
    const int number = atomic_fetch_add(&calls[kind], 1) + 1, nth = atoi(given("SOAK_NTH"));
    if (nth == 0 || strcmp(kKinds[kind], given("SOAK_CALL")) != 0) return 0;
    if (*given("SOAK_LASTS") == '1' ? number < nth : number != nth) return 0;
    char line[PATH_MAX + 64];
    snprintf(line, sizeof line, "failed %s %s\n", kKinds[kind], path + strlen(folder));
    tell(line);
    told_errno();
    return 1;
}

static int fails_at(int kind, int file, const char* below) {
    char link[64], path[2 * PATH_MAX] = "";
    if (below[0] == '/') return fails(kind, below);
    snprintf(link, sizeof link, file == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", file);
    const ssize_t length = syscall(SYS_readlink, link, path, PATH_MAX);
    snprintf(path + (length > 0 ? length : 0), PATH_MAX, "%s%s", *below ? "/" : "", below);
    return fails(kind, path);
}

static int fails_of(int kind, int file) {
    const int kept = errno, failed = fails_at(kind, file, "");
    if (!failed) errno = kept;
    return failed;
}

static int is_written(int file) {
    const int flags = fcntl(file, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

// Stands before libc's `name`: gives `failed` where `test` says so, else what libc's gives. Under another name in C, as
// its own declaration need not be this one.
#define BEFORE(type, name, parameters, arguments, test, failed)        \
    type before_##name parameters __asm__(#name);                      \
    type before_##name parameters {                                    \
        static type(*next) parameters;                                 \
        if (!next) next = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        return (test) ? (failed) : next arguments;                     \
    }
#define BOTH(BEFORE_ONE, name) BEFORE_ONE(name) BEFORE_ONE(name##64)

#define BY_FLAGS ((flags) & (O_CREAT | O_WRONLY | O_RDWR) ? CREATE : OPEN)
#define BY_MODE (strpbrk(mode, "wa+") ? CREATE : OPEN)
#define OPEN_FILE(name) \
    BEFORE(int, name, (const char* p, int flags, mode_t m), (p, flags, m), fails_at(BY_FLAGS, AT_FDCWD, p), -1)
#define OPEN_AT(name) \
    BEFORE(int, name, (int d, const char* p, int flags, mode_t m), (d, p, flags, m), fails_at(BY_FLAGS, d, p), -1)
#define OPEN_STREAM(name) \
    BEFORE(FILE*, name, (const char* p, const char* mode), (p, mode), fails_at(BY_MODE, AT_FDCWD, p), NULL)
#define READ_AT(name) BEFORE(ssize_t, name, (int f, void* b, size_t n, off_t at), (f, b, n, at), fails_of(READ, f), -1)
#define WRITE_AT(name) \
    BEFORE(ssize_t, name, (int f, const void* b, size_t n, off_t at), (f, b, n, at), fails_of(WRITE, f), -1)
#define CUT(name) BEFORE(int, name, (int f, off_t n), (f, n), fails_of(TRUNCATE, f), -1)
#define CUT_FILE(name) BEFORE(int, name, (const char* p, off_t n), (p, n), fails_at(TRUNCATE, AT_FDCWD, p), -1)
#define ENTRY(name) BEFORE(void*, name, (DIR * d), (d), fails_of(LIST, dirfd(d)), NULL)
#define MAPPED(name)                                                                                         \
    BEFORE(void*, name, (void* a, size_t n, int how, int flags, int f, off_t at), (a, n, how, flags, f, at), \
           f >= 0 && fails_of(MAP, f), (void*)-1)
#define OF_FILE(kind, name) BEFORE(int, name, (int f), (f), fails_of(kind, f), -1)
#define OF_PATH(kind, name) BEFORE(int, name, (const char* p), (p), fails_at(kind, AT_FDCWD, p), -1)
#define LOOK_AT(name) BEFORE(int, name, (const char* p, void* s), (p, s), fails_at(LOOK, AT_FDCWD, p), -1)

BOTH(OPEN_FILE, open)
BOTH(OPEN_AT, openat)
BOTH(OPEN_STREAM, fopen)
BEFORE(int, mkstemp, (char* p), (p), fails_at(CREATE, AT_FDCWD, p), -1)
BEFORE(ssize_t, read, (int f, void* b, size_t n), (f, b, n), fails_of(READ, f), -1)
BOTH(READ_AT, pread)
BEFORE(ssize_t, write, (int f, const void* b, size_t n), (f, b, n), fails_of(WRITE, f), -1)
BEFORE(ssize_t, writev, (int f, const void* v, int n), (f, v, n), fails_of(WRITE, f), -1)
BOTH(WRITE_AT, pwrite)
BEFORE(size_t, fwrite, (const void* b, size_t s, size_t n, FILE* f), (b, s, n, f), fails_of(WRITE, fileno(f)), 0)
BEFORE(int, fflush, (FILE * f), (f), f&& is_written(fileno(f)) && fails_of(WRITE, fileno(f)), EOF)
OF_FILE(SYNC, fsync)
OF_FILE(SYNC, fdatasync)
OF_FILE(SYNC, syncfs)
// Closed all the same, as by Linux: a lock must not outlive its scope here.
BEFORE(int, close, (int f), (f), is_written(f) && fails_of(CLOSE, f), (syscall(SYS_close, f), told_errno(), -1))
BEFORE(int, fclose, (FILE * f), (f), is_written(fileno(f)) && fails_of(CLOSE, fileno(f)), (next(f), told_errno(), EOF))
BOTH(CUT, ftruncate)
BOTH(CUT_FILE, truncate)
BEFORE(int, rename, (const char* p, const char* to), (p, to), fails_at(RENAME, AT_FDCWD, p), -1)
BEFORE(int, renameat2, (int d, const char* p, int e, const char* to, unsigned how), (d, p, e, to, how), fails_at(RENAME, d, p), -1)
BEFORE(int, mkdir, (const char* p, mode_t m), (p, m), fails_at(MKDIR, AT_FDCWD, p), -1)
BEFORE(char*, mkdtemp, (char* p), (p), fails_at(MKDIR, AT_FDCWD, p), NULL)
OF_PATH(UNLINK, unlink)
OF_PATH(UNLINK, remove)
OF_PATH(UNLINK, rmdir)
BEFORE(int, unlinkat, (int d, const char* p, int flags), (d, p, flags), fails_at(UNLINK, d, p), -1)
BEFORE(DIR*, opendir, (const char* p), (p), fails_at(LIST, AT_FDCWD, p), NULL)
BOTH(ENTRY, readdir)
BOTH(LOOK_AT, stat)
BOTH(LOOK_AT, lstat)
BOTH(MAPPED, mmap)
