/**
 * @file yealink.h  What Yealink's table, values and lines share
 */

/* yealink_set.c */
format_set_h yealink_server_host, yealink_server_port,
	     yealink_server_transport, yealink_server_expires,
	     yealink_proxy_host, yealink_proxy_port, yealink_codec,
	     yealink_codec_number, yealink_key_type, yealink_six_seconds,
	     yealink_trust, yealink_methods_source, yealink_methods_digest,
	     yealink_boot;

/* yealink_idle.c */
extern const struct format_rows yealink_idle;
