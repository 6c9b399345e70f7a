/**
 * @file server.c  Where an account's server is: learned, not resolved
 *
 * The 2xx to a REGISTER comes from the server, and nobody who does not see
 * the REGISTER can send one. A listener in front of all others notes where a
 * response comes from; baresip tells of the registration while that very
 * response is handled. Names are resolved only for accounts that do not
 * register.
 */
#include "compat/compat.h"
#include "request.h"
#include "accounts/accounts.h"
#include "accounts/room.h"


enum {
	INDEX_SIZE = 1024,
};

/** Where a server is: one for all accounts that have it */
struct place {
	struct le he;               /**< By address                         */
	struct sa addr;
	bool stream;                /**< Over TCP or TLS                    */
};

/** The server of one account, as learned */
struct server {
	struct le he;               /**< By contact user                    */
	char *cuser;                /**< Unique for as long as the account  */
	struct place *place;
};

static struct {
	struct hash *servers;
	struct hash *places;
	struct sip_lsnr *lsnr;
	struct compat_listener *listener;
	struct sa last;             /**< Of the response being handled      */
	bool stream;
	uint32_t answers;           /**< Final ones, to any REGISTER        */
} room;


static void place_destructor(void *arg)
{
	struct place *place = arg;

	hash_unlink(&place->he);
}


static void server_destructor(void *arg)
{
	struct server *srv = arg;

	hash_unlink(&srv->he);
	mem_deref(srv->cuser);
	mem_deref(srv->place);
}


static struct list *places_near(const struct sa *addr)
{
	return hash_list(room.places, sa_hash(addr, SA_ADDR));
}


/* A reference to the place that the last response came from */
static struct place *place_get(void)
{
	struct place *place;
	struct le *le;

	for (le = list_head(places_near(&room.last)); le; le = le->next) {

		place = le->data;

		if (sa_cmp(&place->addr, &room.last, SA_ALL) &&
		    place->stream == room.stream)
			return mem_ref(place);
	}

	place = mem_zalloc(sizeof(*place), place_destructor);
	if (!place)
		return NULL;

	place->addr = room.last;
	place->stream = room.stream;

	hash_append(room.places, sa_hash(&place->addr, SA_ADDR), &place->he,
		    place);

	return place;
}


static struct server *server_find(const struct ua *ua)
{
	const char *cuser = ua_local_cuser(ua);
	struct le *le;

	if (!cuser)
		return NULL;

	for (le = list_head(hash_list(room.servers, hash_joaat_str(cuser)));
	     le; le = le->next) {
		struct server *srv = le->data;

		if (!str_cmp(srv->cuser, cuser))
			return srv;
	}

	return NULL;
}


static void server_learn(const struct ua *ua)
{
	struct server *srv;

	mem_deref(server_find(ua));

	if (!sa_isset(&room.last, SA_ADDR))
		return;

	srv = mem_zalloc(sizeof(*srv), server_destructor);
	if (!srv || str_dup(&srv->cuser, ua_local_cuser(ua)))
		goto out;

	srv->place = place_get();
	if (!srv->place)
		goto out;

	hash_append(room.servers, hash_joaat_str(srv->cuser), &srv->he, srv);

	return;

 out:
	mem_deref(srv);
}


static bool response_handler(const struct sip_msg *msg, void *arg)
{
	(void)arg;

	if (pl_strcmp(&msg->cseq.met, "REGISTER"))
		return false;

	room.last = msg->src;
	room.stream = msg->tp != SIP_TRANSP_UDP;

	/* What is challenged is sent once more */
	if (msg->scode >= 200 && msg->scode != 401 && msg->scode != 407)
		++room.answers;

	return false;
}


static void event_handler(enum compat_event ev, struct ua *ua,
			  struct call *call, const char *text, void *arg)
{
	(void)call;
	(void)text;
	(void)arg;

	switch (ev) {

	case COMPAT_REGISTER_OK:
		server_learn(ua);
		break;

	/* An account that lives on is only away for a while, as before a
	   restart. `uadel` tells of nothing else when one goes. */
	case COMPAT_UNREGISTERING:
		if (mem_nrefs(ua))
			break;

		/*@fallthrough@*/

	case COMPAT_SHUTDOWN:
		mem_deref(server_find(ua));
		break;

	default:
		break;
	}
}


/* What comes over the connection of the REGISTER has its address and port */
static bool place_is(const struct place *place, const struct sa *addr,
		     const struct source *src)
{
	if (src && place->stream && !src->stream)
		return false;

	return sa_cmp(&place->addr, addr,
		      src && src->stream ? SA_ALL : SA_ADDR);
}


/* Without a source the address alone is judged */
static bool is_server(const struct ua *ua, const struct sa *addr,
		      const struct source *src)
{
	const struct server *srv = ua ? server_find(ua) : NULL;
	struct le *le;

	if (srv && place_is(srv->place, addr, src))
		return true;

	if (ua)
		return host_is(ua, addr);

	for (le = list_head(places_near(addr)); le; le = le->next) {

		if (place_is(le->data, addr, src))
			return true;
	}

	return host_is(NULL, addr);
}


/**
 * Start to learn where the servers are
 *
 * @return 0 if success, otherwise errorcode
 */
int server_init(void)
{
	int err;

	err  = hash_alloc(&room.servers, INDEX_SIZE);
	err |= hash_alloc(&room.places, INDEX_SIZE);
	if (err)
		return ENOMEM;

	err = compat_listen_response(&room.lsnr, uag_sip(),
				     response_handler, NULL);
	if (err) {
		warning("provnotify: libre's list of SIP listeners is not"
			" as expected (%m): this release of libre is not"
			" supported\n", err);
		return err;
	}

	err = compat_listen(&room.listener, event_handler, NULL);
	if (err)
		return err;

	return host_init();
}


/**
 * Forget all servers
 */
void server_close(void)
{
	host_close();

	/* The SIP stack may be gone by now, and our listener with it:
	   its destructor has cleared the pointer */
	room.lsnr = mem_deref(room.lsnr);
	room.listener = mem_deref(room.listener);

	hash_flush(room.servers);

	room.servers = mem_deref(room.servers);
	room.places = mem_deref(room.places);
	sa_init(&room.last, AF_UNSPEC);
	room.answers = 0;
}


/**
 * How many REGISTERs have been answered, whoever sent them and whatever the
 * answer was
 *
 * @return Number, counted on for ever
 */
uint32_t accounts_answers(void)
{
	return room.answers;
}


/**
 * Does a request come from an account's server?
 *
 * Over UDP the address counts, unless the account has registered over TCP or
 * TLS: then nothing that comes over UDP is its server's. Over TCP and TLS,
 * where many hosts may stand behind one address, address and port count: those
 * of the very connection, or of one that the server made from its own port.
 *
 * @param ua  User agent, NULL = the server of any account will do
 * @param src Who asks
 *
 * @return True if it does
 */
bool accounts_is_server(const struct ua *ua, const struct source *src)
{
	return src && is_server(ua, &src->addr, src);
}


/**
 * Is an address an account's server?
 *
 * @param ua   User agent, NULL = the server of any account will do
 * @param addr Address; the port does not count
 *
 * @return True if it is
 */
bool accounts_is_server_addr(const struct ua *ua, const struct sa *addr)
{
	return addr && is_server(ua, addr, NULL);
}


/**
 * Is a host name the one of an account's server?
 *
 * @param ua   User agent, NULL = the server of any account will do
 * @param host Host name
 *
 * @return True if it is
 */
bool accounts_is_server_name(const struct ua *ua, const struct pl *host)
{
	struct pl name;
	struct le *le;

	if (!pl_isset(host))
		return false;

	if (ua)
		return !host_get(&name, ua) && !pl_casecmp(&name, host);

	for (le = list_head(uag_list()); le; le = le->next) {

		if (accounts_is_server_name(le->data, host))
			return true;
	}

	return false;
}


/**
 * Print where an account's server is
 *
 * @param pf Print function
 * @param ua User agent
 *
 * @return 0 if success, otherwise errorcode
 */
int server_print(struct re_printf *pf, const struct ua *ua)
{
	const struct server *srv = server_find(ua);
	struct pl host;

	if (srv)
		return re_hprintf(pf, "%J", &srv->place->addr);

	if (!account_regint(ua_account(ua)) && !host_get(&host, ua))
		return re_hprintf(pf, "%r (not asked)", &host);

	return re_hprintf(pf, "not known yet");
}
