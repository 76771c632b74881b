/* Characters of Unicode: reading UTF-8, and the classes that license keys as they are pasted are cleaned by.
 */
#ifndef LK_UNICODE_H
#define LK_UNICODE_H

#include "memory.h"

/* The next character of UTF-8, and its end. What is no UTF-8 is U+FFFD. */
uint32_t lk_next(const char **at, const char *end);
void lk_append_character(lk_text *out, uint32_t character);

bool lk_is_invisible(uint32_t character);   /* Cf, Default_Ignorable_Code_Point, U+2800, U+001F */
bool lk_is_dash(uint32_t character);        /* Pd and what is typed or printed for one */
bool lk_is_white_space(uint32_t character); /* as \s of regular expressions */
bool lk_is_quote(uint32_t character);       /* Pi, Pf */
bool lk_is_opening(uint32_t character);     /* Ps */
bool lk_is_closing(uint32_t character);     /* Pe */

/* The text without white space around it, as String.prototype.trim() of JavaScript. */
const char *lk_trim(const char *text, size_t *length);
/* The text without the blanks of ASCII around it. */
const char *lk_trim_ascii(const char *text, size_t *length);

#endif
