/**
 * @file formats.h  Configuration files of all vendors, decoded to a profile
 */

enum format {
	FORMAT_NONE,
	FORMAT_NATIVE,
	FORMAT_YEALINK,
	FORMAT_GIGASET,
	FORMAT_AUDIOCODES,
};

enum {
	FORMAT_FILE_MAX = 1 << 20,  /**< A larger file is refused [bytes]   */
};

/** Why a file was refused */
struct format_error {
	unsigned lineno;        /**< 0 = the file as a whole                */
	char text[160];         /**< What is wrong and what is accepted     */
};

/**
 * A file that another one names
 *
 * @param ref Absolute URL, or path relative to the file that names it
 * @param arg Handler argument
 *
 * @return 0 to go on, otherwise errorcode
 */
typedef int (format_include_h)(const struct pl *ref, void *arg);

enum format format_detect(const struct pl *text);
const char *format_name(enum format format);
int  format_decode(struct profile *prof, const struct pl *text,
		   struct format_error *error);
int  format_includes(const struct pl *text, const char *model,
		     bool *overwrite, format_include_h *h, void *arg);
int  format_table_print(struct re_printf *pf, void *unused);
