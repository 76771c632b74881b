/* Dates as texts: days of UTC, those of HTTP and those of JSON. */
#ifndef LK_DATES_H
#define LK_DATES_H

/* The day of a time, YYYY-MM-DD in UTC; later than 9999 counts as its last day. */
void lk_day_of(double time, char day[11]);
/* The time of a date of HTTP (RFC 9110, section 5.6.7) in its preferred form; negative for another text. */
double lk_read_http_date(const char *text);
/* The time of a date such as 2026-03-02T10:30:00Z (RFC 3339); negative for another text, and before 1970. */
double lk_read_date(const char *text);

#endif
