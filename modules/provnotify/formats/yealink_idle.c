/**
 * @file yealink_idle.c  Yealink's keys that are understood and do nothing here
 */
#include <re.h>
#include "profile/profile.h"
#include "formats/formats.h"
#include "formats/decode.h"
#include "formats/yealink.h"


static const char backup[] =
	"baresip has no standby: it registers with one server";
static const char book[]     = "phone books are baresip's contacts module's";
static const char code[]     = "codes that are sent to a server are not";
static const char desk[]     = "only for the screen, keys or sound of a desk "
	"phone";
static const char feature[]  = "a feature of the desk phone";
static const char firmware[] = "there is no firmware to load";
static const char fixed[]    = "only baresip's config says when and how";
static const char own[]      = "baresip decides that by itself";
static const char push[]     = "nothing is pushed to a screen";
static const char computer[] = "the computer's own is used";
static const char tell[]     = "no action URLs are called";
static const char watch[]    = "no lines are watched";

#define IDLE(key, why) {key, SCOPE_PROFILE, NULL, 0, why, NULL}

static const struct format_row rowv[] = {
	IDLE("account.#.100rel_enable", own),
	IDLE("account.#.advanced.*", own),
	IDLE("account.#.alert_info_url_enable", desk),
	IDLE("account.#.always_fwd.*", code),
	IDLE("account.#.auto_answer_mute_enable", desk),
	IDLE("account.#.auto_dial_num", desk),
	IDLE("account.#.blf.*", watch),
	IDLE("account.#.blf_list_code", watch),
	IDLE("account.#.blf_list_uri", watch),
	IDLE("account.#.busy_fwd.*", code),
	IDLE("account.#.cid_source", own),
	IDLE("account.#.conf_type", own),
	IDLE("account.#.conf_uri", own),
	IDLE("account.#.cp_source", own),
	IDLE("account.#.dnd.*", code),
	IDLE("account.#.dtmf.*", own),
	IDLE("account.#.enable_user_equal_phone", own),
	IDLE("account.#.fallback.*", backup),
	IDLE("account.#.hoteling.*", desk),
	IDLE("account.#.label", desk),
	IDLE("account.#.missed_calllog", desk),
	IDLE("account.#.music_server_uri", own),
	IDLE("account.#.naptr_build", own),
	IDLE("account.#.nat.*", own),
	IDLE("account.#.number_of_linekey", desk),
	IDLE("account.#.outbound_proxy.*", backup),
	IDLE("account.#.outbound_proxy_fallback_interval", backup),
	IDLE("account.#.picture_info_enable", desk),
	IDLE("account.#.ptime", own),
	IDLE("account.#.reg_fail_retry_interval", own),
	IDLE("account.#.reregister_enable", own),
	IDLE("account.#.ringtone.*", desk),
	IDLE("account.#.rport", own),
	IDLE("account.#.session_timer.*", own),
	IDLE("account.#.shared_line", watch),
	IDLE("account.#.sip_listen_port", own),
	IDLE("account.#.sip_server.*", backup),
	IDLE("account.#.sip_server_type", own),
	IDLE("account.#.srv_ttl_timer_enable", own),
	IDLE("account.#.subscribe_mwi_expires", own),
	IDLE("account.#.subscribe_mwi_to_vm", own),
	IDLE("account.#.subscribe_register", own),
	IDLE("account.#.timeout_fwd.*", code),
	IDLE("account.#.unregister_on_reboot", own),
	IDLE("account.#.vm_number", own),
	IDLE("account.#.xml_event_list", push),
	IDLE("action_url.*", tell),
	IDLE("auto_provision.*", fixed),
	IDLE("auto_redial.*", desk),
	IDLE("autoprovision.*", fixed),
	IDLE("backgrounds.*", desk),
	IDLE("bluetooth.*", desk),
	IDLE("bw.*", desk),
	IDLE("call_waiting.*", desk),
	IDLE("default_input_method.*", desk),
	IDLE("dialplan.*", desk),
	IDLE("dialplan_item.*", desk),
	IDLE("dialplan_replace_rule", desk),
	IDLE("directory.*", book),
	IDLE("directory_setting.*", book),
	IDLE("distinctive_ring_tones.*", desk),
	IDLE("dsskey.*", desk),
	IDLE("edk.*", desk),
	IDLE("expansion_module.*", desk),
	IDLE("features.*", feature),
	IDLE("firmware.*", firmware),
	IDLE("forward.*", code),
	IDLE("gui_lang.*", desk),
	IDLE("hoteling.*", desk),
	IDLE("key_as_send.*", desk),
	IDLE("lang.*", desk),
	IDLE("ldap.*", book),
	IDLE("linekey.#.*", watch),
	IDLE("linekey.*", desk),
	IDLE("local_contact.*", book),
	IDLE("local_log.*", computer),
	IDLE("local_time.*", computer),
	IDLE("managementserver.*", computer),
	IDLE("memorykey.#.*", watch),
	IDLE("memorykey.*", desk),
	IDLE("multicast.*", desk),
	IDLE("network.*", computer),
	IDLE("openvpn.*", computer),
	IDLE("phone_setting.*", desk),
	IDLE("programablekey.*", desk),
	IDLE("programkey.*", desk),
	IDLE("push_xml.*", push),
	IDLE("redirect.*", fixed),
	IDLE("remote_phonebook.*", book),
	IDLE("screensaver.*", desk),
	IDLE("search_in_dialing.*", book),
	IDLE("security.*", computer),
	IDLE("server_certificates.*", computer),
	IDLE("sip.*", own),
	IDLE("sip_registration_state.*", desk),
	IDLE("softkey.*", desk),
	IDLE("super_search.*", book),
	IDLE("syslog.*", computer),
	IDLE("transfer.*", desk),
	IDLE("trusted_certificates.*", computer),
	IDLE("user_mode", desk),
	IDLE("vm.*", desk),
	IDLE("voice.*", desk),
	IDLE("voice_mail.*", desk),
	IDLE("vpm.*", desk),
	IDLE("wallpaper_upload.*", desk),
	IDLE("watch_dog.*", computer),
	IDLE("web_item_level.*", desk),
	IDLE("wifi.*", computer),
	IDLE("wui.*", computer),
	IDLE("xsi.*", book),
	IDLE("zero_touch.*", fixed),
};

/** What is understood and has no use */
const struct format_rows yealink_idle = {
	rowv, sizeof(rowv) / sizeof(rowv[0])
};
