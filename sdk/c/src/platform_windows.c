/* Threads and time of Windows. */
#ifdef _WIN32
#include "platform.h"

#include <stdlib.h>

bool lk_mutex_init(lk_mutex *mutex) {
    InitializeCriticalSection(mutex);
    return true;
}

void lk_mutex_destroy(lk_mutex *mutex) {
    DeleteCriticalSection(mutex);
}
void lk_lock(lk_mutex *mutex) {
    EnterCriticalSection(mutex);
}
void lk_unlock(lk_mutex *mutex) {
    LeaveCriticalSection(mutex);
}

bool lk_condition_init(lk_condition *condition) {
    InitializeConditionVariable(condition);
    return true;
}

void lk_condition_destroy(lk_condition *condition) {
    (void)condition;
}
void lk_wake_all(lk_condition *condition) {
    WakeAllConditionVariable(condition);
}

/* Milliseconds, a day at the most: who waits looks at the time again. */
static DWORD milliseconds(double seconds) {
    return seconds < 86400 ? (DWORD)(seconds * 1000) : 86400000;
}

void lk_wait(lk_condition *condition, lk_mutex *mutex, double seconds) {
    SleepConditionVariableCS(condition, mutex, seconds < 0 ? INFINITE : milliseconds(seconds));
}

typedef struct start {
    void (*run)(void *context);
    void *context;
} start;

static DWORD WINAPI run(LPVOID given) {
    start call = *(start *)given;
    free(given);
    call.run(call.context);
    return 0;
}

bool lk_thread_start(lk_thread *thread, void (*function)(void *context), void *context) {
    start *call = malloc(sizeof *call);
    if (!call) return false;
    call->run = function;
    call->context = context;
    *thread = CreateThread(NULL, 0, run, call, 0, NULL);
    if (!*thread) free(call);
    return *thread != NULL;
}

void lk_thread_join(lk_thread thread) {
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

bool lk_is_own_thread(lk_thread thread) {
    return GetThreadId(thread) == GetCurrentThreadId();
}

lk_thread_id lk_current_thread(void) {
    return GetCurrentThreadId();
}

bool lk_is_current_thread(lk_thread_id thread) {
    return thread == GetCurrentThreadId();
}

double lk_system_clock(void *context) {
    FILETIME time;
    (void)context;
    GetSystemTimeAsFileTime(&time);
    /* 100 nanoseconds since 1601. */
    unsigned long long ticks = (unsigned long long)time.dwHighDateTime << 32 | time.dwLowDateTime;
    return (double)ticks / 1e7 - 11644473600.0;
}

double lk_monotonic(void) {
    return (double)GetTickCount64() / 1000;
}

void lk_sleep(double seconds) {
    Sleep(milliseconds(seconds));
}
#else
typedef int lk_nothing_for_windows;
#endif
