/* Threads and time of the system. */
#ifndef LK_PLATFORM_H
#define LK_PLATFORM_H

#include <stdbool.h>

#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
typedef CRITICAL_SECTION lk_mutex;
typedef CONDITION_VARIABLE lk_condition;
typedef HANDLE lk_thread;
typedef DWORD lk_thread_id;
#else
#include <pthread.h>
typedef pthread_mutex_t lk_mutex;
typedef pthread_cond_t lk_condition;
typedef pthread_t lk_thread;
typedef pthread_t lk_thread_id;
#endif

/* A mutex that its thread may lock once more. */
bool lk_mutex_init(lk_mutex *mutex);
void lk_mutex_destroy(lk_mutex *mutex);
void lk_lock(lk_mutex *mutex);
void lk_unlock(lk_mutex *mutex);

bool lk_condition_init(lk_condition *condition);
void lk_condition_destroy(lk_condition *condition);
void lk_wake_all(lk_condition *condition);
/* Waits until it is woken, or for so many seconds; negative: without a limit. The mutex is locked once. */
void lk_wait(lk_condition *condition, lk_mutex *mutex, double seconds);

/* Runs a function in a thread. */
bool lk_thread_start(lk_thread *thread, void (*run)(void *context), void *context);
void lk_thread_join(lk_thread thread);
/* Whether it is the thread that asks. */
bool lk_is_own_thread(lk_thread thread);
lk_thread_id lk_current_thread(void);
bool lk_is_current_thread(lk_thread_id thread);

/* As ::latchkey_clock. */
double lk_system_clock(void *context);
/* Seconds of a clock that is never set. */
double lk_monotonic(void);
void lk_sleep(double seconds);

#endif
