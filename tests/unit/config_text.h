/**
 * @file config_text.h  Config files as text, for tests of the settings
 */

#define TEXT_FILE "/etc/bs/config"
#define MAC_LINE  "provnotify_mac 001565000001\n"

struct settings *text_parse(const char *text, char **errors);
struct settings *text_parse_one(const char *key, const char *value);
void text_errors(const char *text, const char *expected);
void text_refused(const char *key, const char *value, bool shown,
		  const char *accepted);
