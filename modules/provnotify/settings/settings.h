/**
 * @file settings.h  Every provnotify_* key, read once, checked, immutable
 */

enum checksync { CHECKSYNC_HEADER, CHECKSYNC_ALWAYS, CHECKSYNC_IGNORE };
enum challenge { CHALLENGE_NONE, CHALLENGE_REBOOT, CHALLENGE_ALL };
enum consent   { CONSENT_ASK, CONSENT_ALLOW, CONSENT_DENY };
enum restart   { RESTART_EXEC, RESTART_EXIT, RESTART_COMMAND };
enum pnp       { PNP_AUTO, PNP_YES, PNP_NO };

/** A key of the user's own */
struct own_key {
	struct le le;
	char *name;
	char *command;          /**< Whole command line for baresip         */
	unsigned lineno;        /**< Line of the file, for messages         */
};

/** All settings, as they stand in baresip's config or by default */
struct settings {
	const struct vendor *vendor;
	char *model;            /**< Never NULL: the vendor's default       */
	char *firmware;         /**< Never NULL: the vendor's default       */
	char mac[13];           /**< Twelve lower-case hex digits, or empty */
	char *state_dir;        /**< Absolute                               */
	char *journal;          /**< Absolute path, or NULL = off           */
	struct addrlist *notify_from;
	struct addrlist *http_from;
	enum challenge digest;
	enum consent remote_control;
	uint32_t quota;         /**< Requests a second                      */
	bool strict;
	enum checksync checksync;
	bool checksync_reboot;
	bool reboot_in_call;
	uint32_t reboot_wait;   /**< Hours                                  */
	enum restart restart;
	char *restart_command;
	char *url;              /**< NULL = none                            */
	char *user;
	char *password;
	char *ca_file;
	char *client_cert;
	bool verify;
	bool at_boot;
	uint32_t interval;      /**< Minutes, 0 = never                     */
	uint32_t jitter;        /**< Seconds                                */
	uint32_t timeout;       /**< Seconds                                */
	uint32_t confirm;       /**< Seconds                                */
	enum pnp pnp;
	struct sa pnp_address;
	struct sa http_listen;  /**< Unset = off                            */
	struct sa https_listen; /**< Unset = off                            */
	char *https_cert;
	char *http_user;
	char *http_password;
	char *http_host;        /**< Names, separated by blanks or commas   */
	bool factory_reset;
	struct list keyl;       /**< struct own_key                         */
	uint64_t given;         /**< Which rows stand in the file, by row   */
};

struct profile_policy;

int  settings_read(const char *dir);
int  settings_check(char *why, size_t size);
int  settings_parse(struct settings **sp, const char *file,
		    const struct pl *text, const char *confdir,
		    struct mbuf *errors);
void settings_keep_mac(void);
void settings_policy(const struct profile_policy *pol);
void settings_close(void);
const struct settings *settings(void);
bool settings_given(const struct settings *s, const char *key);
