/* Reads and writes dates. The functions of the system are not used: they depend on its locale and time zone.
 */
#include "dates.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const double LAST_SECOND = 253402300799.0;

void lk_day_of(double time, char day[11]) {
    if (!(time > 0)) time = 0;
    if (time > LAST_SECOND) time = LAST_SECOND;
    /* Days since the first of March of the year 0, so that the leap day is the last one of its year. */
    long days = (long)floor(time / 86400) + 719468;
    long era = days / 146097, of_era = days % 146097;
    long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    long month_from_march = (5 * of_year + 2) / 153;
    long month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    long year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    unsigned y = (unsigned)year % 10000, m = (unsigned)month % 100;
    unsigned d = (unsigned)(of_year - (153 * month_from_march + 2) / 5 + 1) % 100;
    snprintf(day, 11, "%04u-%02u-%02u", y, m, d);
}

/* Of the calendar that computers use. */
static double days_since_1970(long year, long month, long day) {
    long from_march = (month + 9) % 12, of_year = month <= 2 ? year - 1 : year;
    long days =
        of_year * 365 + of_year / 4 - of_year / 100 + of_year / 400 + (from_march * 306 + 5) / 10 + day - 1;
    return (double)(days - 719468);
}

double lk_read_http_date(const char *text) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4] = "", zone[4] = "";
    int day, year, hour, minute, second, length = 0;
    text += strspn(text, " \t");
    const char *comma = strchr(text, ',');
    if (!comma || comma - text > 9) return -1;
    int count = sscanf(comma + 1, " %2d %3s %4d %2d:%2d:%2d %3s %n", &day, month, &year, &hour, &minute,
                       &second, zone, &length);
    const char *found = strlen(month) == 3 ? strstr(months, month) : NULL;
    if (count != 7 || !found || (found - months) % 3 != 0 || strcmp(zone, "GMT") != 0 || comma[1 + length])
        return -1;
    bool is_time = day >= 1 && day <= 31 && year >= 1 && hour >= 0 && hour <= 23 && minute >= 0 &&
                   minute <= 59 && second >= 0 && second <= 60;
    if (!is_time) return -1;
    return days_since_1970(year, (long)(found - months) / 3 + 1, day) * 86400 + hour * 3600 + minute * 60 +
           second;
}

double lk_read_date(const char *text) {
    int year, month, day, hour, minute, length = 0, zone_hour = 0, zone_minute = 0;
    double second = 0;
    if (!text || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%n", &year, &month, &day, &hour, &minute, &length) != 5)
        return -1;
    text += length;
    size_t digits = length > 0 ? strspn(text, "0123456789.") : 0;
    if (digits < 2 || digits > 12) return -1;
    /* Not by scanning a number: its decimal point is that of the locale. */
    second = (text[0] - '0') * 10 + (text[1] - '0');
    double unit = 0.1;
    for (size_t at = 3; at < digits; at++, unit /= 10) second += (text[at] - '0') * unit;
    text += digits;
    char sign = *text;
    bool is_utc = strcmp(text, "Z") == 0;
    if (!is_utc && sscanf(text + (sign != 0), "%2d:%2d", &zone_hour, &zone_minute) != 2) return -1;
    if (!is_utc && sign != '+' && sign != '-') return -1;
    if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1970) return -1;
    double offset = (sign == '-' ? -1 : 1) * (zone_hour * 3600 + zone_minute * 60);
    return days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
}
