/* Threads and time of Linux, macOS and other systems with POSIX. */
#ifndef _WIN32
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE
#include "platform.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

bool lk_mutex_init(lk_mutex *mutex) {
    pthread_mutexattr_t attributes;
    if (pthread_mutexattr_init(&attributes) != 0) return false;
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    bool is_made = pthread_mutex_init(mutex, &attributes) == 0;
    pthread_mutexattr_destroy(&attributes);
    return is_made;
}

void lk_mutex_destroy(lk_mutex *mutex) {
    pthread_mutex_destroy(mutex);
}
void lk_lock(lk_mutex *mutex) {
    pthread_mutex_lock(mutex);
}
void lk_unlock(lk_mutex *mutex) {
    pthread_mutex_unlock(mutex);
}

bool lk_condition_init(lk_condition *condition) {
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) return false;
#ifndef __APPLE__
    /* A wait is not longer when the clock is set. */
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    bool is_made = pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return is_made;
}

void lk_condition_destroy(lk_condition *condition) {
    pthread_cond_destroy(condition);
}
void lk_wake_all(lk_condition *condition) {
    pthread_cond_broadcast(condition);
}

static struct timespec split(double seconds) {
    struct timespec time;
    time.tv_sec = (time_t)floor(seconds);
    time.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
    return time;
}

void lk_wait(lk_condition *condition, lk_mutex *mutex, double seconds) {
    if (seconds < 0) {
        pthread_cond_wait(condition, mutex);
        return;
    }
    /* A year: longer ones do not fit into a time on every system. */
    if (!(seconds < 31536000)) seconds = 31536000;
#ifdef __APPLE__
    struct timespec time = split(seconds);
    pthread_cond_timedwait_relative_np(condition, mutex, &time);
#else
    struct timespec time = split(lk_monotonic() + seconds);
    pthread_cond_timedwait(condition, mutex, &time);
#endif
}

typedef struct start {
    void (*run)(void *context);
    void *context;
} start;

static void *run(void *given) {
    start call = *(start *)given;
    free(given);
    call.run(call.context);
    return NULL;
}

bool lk_thread_start(lk_thread *thread, void (*function)(void *context), void *context) {
    start *call = malloc(sizeof *call);
    if (!call) return false;
    call->run = function;
    call->context = context;
    /* Signals are the app's: its own threads get them. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool is_started = pthread_create(thread, NULL, run, call) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!is_started) free(call);
    return is_started;
}

void lk_thread_join(lk_thread thread) {
    pthread_join(thread, NULL);
}

bool lk_is_own_thread(lk_thread thread) {
    return pthread_equal(thread, pthread_self()) != 0;
}

lk_thread_id lk_current_thread(void) {
    return pthread_self();
}

bool lk_is_current_thread(lk_thread_id thread) {
    return pthread_equal(thread, pthread_self()) != 0;
}

static double read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double lk_system_clock(void *context) {
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

double lk_monotonic(void) {
    return read_clock(CLOCK_MONOTONIC);
}

void lk_sleep(double seconds) {
    struct timespec time = split(seconds);
    nanosleep(&time, NULL);
}
#else
typedef int lk_nothing_for_posix;
#endif
