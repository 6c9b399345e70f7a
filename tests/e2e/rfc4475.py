"""The messages of RFC 4475, as far as they can be a NOTIFY to a phone.

Each is written anew as an order that the phone would obey if it were not for
what the RFC torments parsers with: check-sync, or a key that makes the phone
louder. [user], [phone], [pbx] and [branch] as in tests/sip/messages, [id] is
a Call-ID of its own. Characters stand for bytes; lines end in CRLF.
"""
from collections import namedtuple

# What must come of it. LEFT is none of the module's business: libre answers.
DROPPED, LEFT, REFUSED, RESYNC, KEY = "dropped left refused resync key".split()

# status: None = no answer; strict: the status with provnotify_strict yes
Row = namedtuple("Row", "section effect status strict text")


def utf8(text):
    """Characters for the bytes of UTF-8"""
    return text.encode().decode("latin-1")


VIA = "Via: SIP/2.0/UDP [pbx];rport;branch=[branch]\n"
FROM = "From: <sip:pbx@example.com>;tag=88\n"
TO = "To: <sip:[user]@example.com>\n"
ID = "Call-ID: [id]\nCSeq: 8 NOTIFY\nMax-Forwards: 70\n"
STATE = "Subscription-State: terminated\nContact: <sip:pbx@[pbx]>\n"
SYNC = "Event: check-sync;reboot=false\n" + STATE
PRESS = "Event: ACTION-URI\nContent-Type: message/sipfrag\n" + STATE
LOUDER = "Content-Length: 13\n\nkey=VOLUME_UP"
PARTS = """\
--7a9cbec02ceef655
Content-Type: message/sipfrag

key=VOLUME_UP
--7a9cbec02ceef655
Content-Type: application/octet-stream
Content-Transfer-Encoding: binary

\x00\x01\x02\xff\xfe0\x82\x01R
--7a9cbec02ceef655--
"""
EMPTY = "Content-Length: 0\n\n"
LINE = "NOTIFY sip:[user]@[phone] SIP/2.0\n"
HEAD = VIA + FROM + TO + ID

TABLE = {
    # 3.1.1 Valid messages

    # Folded lines, compact names, blanks wherever they may be, an empty
    # header, one that is not known, a list of Vias in two pieces
    "wsinv": Row("3.1.1.1", KEY, 200, 200, """\
NOTIFY sip:[user]@[phone] SIP/2.0
TO :
 sip:[user]@example.com ;   note = 1918181833n
from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: [id]
Content-Length   : 13
cseq: 0009
  NOTIFY
Via  : SIP  /   2.0
 /UDP
    [pbx];rport;branch=[branch]
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
c:   message/sipfrag
o  :
   ACTION-URI
Subscription-State  :   terminated  ;  reason  =  noresource
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     [pbx]   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  [pbx]   ; branch=
 z9hG4bK30239
m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

key=VOLUME_UP"""),

    # Every character that may stand in a name, a branch, a tag, a user
    "intmeth": Row("3.1.1.2", KEY, 200, 200, LINE + """\
Via: SIP/2.0/UDP [pbx];rport;branch=[branch]-.!%66*_+`'~
To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:1_unusual.URI~(to-be!sure)&isn't\
+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com>
From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>\
;fromParam''~+*_!.-%="\xd1\x80\xd0\xb0\xd0\xb1\xd0\xbe\xd1\x82\xd0\xb0\xd1\x8e\
\xd1\x89\xd0\xb8\xd0\xb9";tag=_token~1'+`*%!-.
Call-ID: [id].word%ZK-!.*_+'@word`~)(><:\\/"][?}{
CSeq: 139122385 NOTIFY
Max-Forwards: 255
extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb
""" + PRESS + LOUDER),

    # ... and in a method, which then is no NOTIFY
    "intmeth-method": Row(
        "3.1.1.2", LEFT, 501, 501,
        "!interesting-Method0123456789_*+`.%indeed'~ sip:[user]@[phone]"
        " SIP/2.0\n" + VIA + FROM + TO + "Call-ID: [id]\n"
        "CSeq: 8 !interesting-Method0123456789_*+`.%indeed'~\n" + PRESS +
        LOUDER),

    # Escapes: what they stand for is neither a user of ours nor a host
    "esc01": Row("3.1.1.3", RESYNC, 200, 200, """\
NOTIFY sip:sips%3Auser%40example.com@[phone] SIP/2.0
To: sip:%75se%72@example.com
From: <sip:I%20have%20spaces@example.net>;tag=938
Call-ID: [id]
CSeq: 234234 NOTIFY
Max-Forwards: 87
Via: SIP/2.0/UDP [pbx];rport;branch=[branch]
Event: check-sync;reboot=true
Subscription-State: terminated
Contact:
  <sip:cal%6Cer@[pbx];%6C%72;n%61me=v%61lue%25%34%31>
""" + EMPTY),
    "esc01-key": Row("3.1.1.3", REFUSED, 404, 404,
                     "NOTIFY sip:%61lice@[phone] SIP/2.0\n" + HEAD + PRESS +
                     LOUDER),

    # A NUL that is escaped ends nothing
    "escnull": Row("3.1.1.4", RESYNC, 200, 200,
                   "NOTIFY sip:null-%00-null@[phone] SIP/2.0\n" + VIA + """\
To: sip:null-%00-null@example.com
From: sip:null-%00-null@example.com;tag=839923423
Call-ID: [id]
CSeq: 14398234 NOTIFY
Max-Forwards: 70
Contact: <sip:%00@[pbx]>
Contact: <sip:%00%00@[pbx]>
Event: check-sync;reboot=true
Subscription-State: terminated
""" + EMPTY),
    "escnull-key": Row("3.1.1.4", REFUSED, 404, 404,
                       "NOTIFY sip:[user]%00@[phone] SIP/2.0\n" + HEAD +
                       PRESS + LOUDER),

    # Percent signs where they escape nothing
    "esc02": Row("3.1.1.5", LEFT, 501, 501,
                 "NO%54IFY sip:[user]@[phone] SIP/2.0\n" + VIA + """\
To: "%Z%45" <sip:resource@example.com>
From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23
Call-ID: [id]
CSeq: 29344 NO%54IFY
Max-Forwards: 70
""" + PRESS + LOUDER),
    "esc02-event": Row("3.1.1.5", LEFT, 481, 481, LINE + HEAD +
                       "Event: ACTION%2DURI\n" + STATE + LOUDER),
    "esc02-body": Row("3.1.1.5", REFUSED, 400, 400, LINE + HEAD + PRESS +
                      "Content-Length: 15\n\nkey=%56OLUME_UP"),

    "lwsdisp": Row("3.1.1.6", KEY, 200, 200, LINE + VIA +
                   "From: caller<sip:caller@example.com>;tag=323\n" + TO + ID +
                   PRESS + LOUDER),

    # All of it long, and still within what one datagram may hold
    "longreq": Row("3.1.1.7", KEY, 200, 200, LINE + """\
To: "I have a user name of extreme""" + " proportion" * 15 + """" \
<sip:[user]:6000@example.com;unknownparam1=very""" + "long" * 20 + """\
value;longparam""" + "name" * 25 + """=shortvalue;very""" + "long" * 25 + """\
ParameterNameWithNoValue>
F: sip:""" + "amazinglylongcallername" * 5 + """@example.net;tag=12""" +
                   "982" * 50 + "424;unknownheaderparam" + "name" * 20 +
                   "=unknowheaderparam" + "value" * 15 +
                   ";unknownValueless" + "paramname" * 10 + """
Call-ID: [id].""" + "longreq" * 20 + "onereallylongcallid" * 10 + """
CSeq: 3882340 NOTIFY
Unknown-""" + "Long" * 20 + "-Name: unknown-" + "long" * 20 + """-value; \
unknown-""" + "long" * 20 + "-parameter-name = unknown-" + "long" * 20 + """\
-parameter-value
Via: SIP/2.0/UDP [pbx];rport;branch=[branch]""" + "really" * 30 + """\
longbranch
""" + "v: SIP/2.0/TCP [pbx];branch=1\n" * 14 + """\
Via: SIP/2.0/TCP [pbx];branch=very""" + "long" * 50 + """branchvalue
Max-Forwards: 70
Contact: <sip:""" + "amazinglylongcallername" * 5 + """@host5.example.net>
""" + PRESS.replace("Contact", "X") + "l: 13\n\nkey=VOLUME_UP"),

    # What follows the message in its datagram is not read, and is noted
    "dblreq": Row("3.1.1.8", RESYNC, 200, 400, LINE + HEAD + SYNC + EMPTY +
                  "NOTIFY sip:[user]@[phone] SIP/2.0\n" + HEAD +
                  "Event: check-sync;reboot=true\n" + STATE + EMPTY),
    "dblreq-key": Row("3.1.1.8", KEY, 200, 400, LINE + HEAD + PRESS + LOUDER +
                      LINE + HEAD + PRESS + "Content-Length: 10\n\n"
                      "key=Reboot"),

    # Semicolons in a user are part of it
    "semiuri": Row("3.1.1.9", RESYNC, 200, 200,
                   "NOTIFY sip:[user];par=u%40example.net@[phone] SIP/2.0\n" +
                   HEAD + "Event: check-sync;reboot=true\n" + STATE + EMPTY),
    "semiuri-key": Row("3.1.1.9", REFUSED, 404, 404,
                       "NOTIFY sip:[user];par=u%40x@[phone] SIP/2.0\n" +
                       HEAD + PRESS + LOUDER),

    # A way through transports that are not known here
    "transports": Row("3.1.1.10", KEY, 200, 200, LINE + VIA + "".join(
        f"Via: SIP/2.0/{name} [pbx];branch=z9hG4bK{name}\n"
        for name in ("SCTP", "TLS", "UNKNOWN", "TCP")) + FROM + TO + ID +
                      PRESS + LOUDER),

    # A body in parts, some of them bytes
    "mpart01": Row("3.1.1.11", REFUSED, 415, 415, LINE + HEAD + """\
Event: ACTION-URI
Subscription-State: terminated
Content-Type: multipart/mixed;boundary=7a9cbec02ceef655
""" + f"Content-Length: {len(PARTS) + PARTS.count(chr(10))}\n\n{PARTS}"),

    # Answers to nobody: one in UTF-8, one without a phrase
    "unreason": Row("3.1.1.12", DROPPED, None, None,
                    utf8("SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять"
                         " - простое\n") + HEAD + SYNC + EMPTY),
    "noreason": Row("3.1.1.13", DROPPED, None, None,
                    "SIP/2.0 100 \n" + HEAD + SYNC + EMPTY),

    # 3.1.2 Invalid messages

    # Separators with nothing between them: the empty Vias name nobody
    "badinv01": Row("3.1.2.1", REFUSED, 403, 403, LINE + """\
Via: SIP/2.0/UDP [pbx];rport;branch=[branch];;,;,,
To: sip:j.user@example.com
From: sip:caller@example.net;tag=134161461246
Max-Forwards: 7
Call-ID: [id]
CSeq: 8 NOTIFY
Contact: "Joe" <sip:joe@example.org>;;;;
""" + PRESS.replace("Contact", "X") + LOUDER),
    "badinv01-no-branch": Row("3.1.2.1", DROPPED, None, None, LINE +
                              "Via: SIP/2.0/UDP [pbx];rport;;,;,,\n" + FROM +
                              TO + ID + PRESS + LOUDER),

    # A length that the datagram does not have, and one that is none. What is
    # there is the body; a length that cannot be read is that of nothing.
    "clerr": Row("3.1.2.2", KEY, 200, 400, LINE + HEAD + PRESS +
                 "Content-Length: 9999\n\nkey=VOLUME_UP"),
    "clerr-cut": Row("3.1.2.2", REFUSED, 400, 400, LINE + HEAD + PRESS +
                     "Content-Length: 9999\n\nkey=VOLUME_U"),
    "ncl": Row("3.1.2.3", REFUSED, 400, 400, LINE + HEAD + PRESS +
               "Content-Length: -999\n\nkey=VOLUME_UP"),

    # Numbers that fit into nothing
    "scalar02": Row("3.1.2.4", KEY, 200, 200, LINE + VIA + FROM + TO + """\
Call-ID: [id]
CSeq: 36893488147419103232 NOTIFY
Max-Forwards: 300
Expires: 1""" + "0" * 99 + """
Contact: <sip:user@host129.example.com>;expires=280297596632815
""" + PRESS.replace("Contact", "X") + LOUDER),
    "scalarlg": Row("3.1.2.5", DROPPED, None, None, "SIP/2.0 503 Service"
                    " Unavailable\n" + VIA + FROM + TO + """\
Call-ID: [id]
CSeq: 9292394834772304023312 OPTIONS
Retry-After: 949302838503028349304023988
Warning: 1812 overture "In Progress"
""" + EMPTY),

    # A quoted string without an end, in a header that decides nothing
    "quotbal": Row("3.1.2.6", KEY, 200, 200, LINE + VIA + FROM +
                   'To: "Mr. J. User <sip:[user]@example.com>\n' + ID + PRESS +
                   LOUDER),

    # Request lines. libre reads a URI out of its brackets.
    "ltgtruri": Row("3.1.2.7", KEY, 200, 200,
                    "NOTIFY <sip:[user]@[phone]> SIP/2.0\n" + HEAD + PRESS +
                    LOUDER),
    "lwsruri": Row("3.1.2.8", DROPPED, None, None,
                   "NOTIFY sip:[user]@[phone]; lr SIP/2.0\n" + HEAD + PRESS +
                   LOUDER),
    "lwsstart": Row("3.1.2.9", DROPPED, None, None,
                    "NOTIFY  sip:[user]@[phone]  SIP/2.0\n" + HEAD + PRESS +
                    LOUDER),
    "trws": Row("3.1.2.10", DROPPED, None, None,
                "NOTIFY sip:[user]@[phone] SIP/2.0  \n" + HEAD + PRESS +
                LOUDER),
    # Headers in a Request-URI are not there
    "escruri": Row("3.1.2.11", KEY, 200, 200,
                   "NOTIFY sip:[user]@[phone]?Route=%3Csip:example.com%3E"
                   "&Event=check-sync SIP/2.0\n" + HEAD + PRESS + LOUDER),

    # Headers that say nothing to a phone
    "baddate": Row("3.1.2.12", KEY, 200, 200, LINE + HEAD +
                   "Date: Fri, 01 Jan 2010 16:00:00 EST\n" + PRESS + LOUDER),
    "regbadct": Row("3.1.2.13", KEY, 200, 200, LINE + HEAD + PRESS.replace(
        "<sip:pbx@[pbx]>", "sip:pbx@[pbx]?Route=%3Csip:sip.example.com%3E") +
                    LOUDER),
    "badaspec": Row("3.1.2.14", KEY, 200, 200, LINE + VIA + FROM +
                    'To: "Watson, Thomas" < sip:t.watson@example.org >\n' +
                    ID + PRESS + LOUDER),
    "baddn": Row("3.1.2.15", KEY, 200, 200, LINE + VIA +
                 "From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43\n" +
                 TO + ID + PRESS + LOUDER),
    "badvers": Row("3.1.2.16", DROPPED, None, None,
                   "NOTIFY sip:[user]@[phone] SIP/7.0\n" + HEAD.replace(
                       "2.0", "7.0") + PRESS + LOUDER),
    "mismatch01": Row("3.1.2.17", KEY, 200, 400, LINE + VIA + FROM + TO +
                      "Call-ID: [id]\nCSeq: 8 INVITE\nMax-Forwards: 70\n" +
                      PRESS + LOUDER),
    "mismatch02": Row("3.1.2.18", LEFT, 501, 501,
                      "NEWMETHOD sip:[user]@[phone] SIP/2.0\n" + HEAD + PRESS +
                      LOUDER),
    "bigcode": Row("3.1.2.19", DROPPED, None, None,
                   "SIP/2.0 4294967301 better not break the receiver\n" +
                   HEAD + SYNC + EMPTY),

    # 3.2 Transactions: a branch that is a cookie alone
    "badbranch": Row("3.2.1", KEY, 200, 200, LINE + VIA.replace(
        "[branch]", "z9hG4bK") + FROM + TO + ID + PRESS + LOUDER),

    # 3.3 What an application has to look at

    # Nothing but what an answer needs
    "insuf": Row("3.3.1", KEY, 200, 400, LINE + VIA +
                 "CSeq: 193942 NOTIFY\nMax-Forwards: 95\n" + PRESS + LOUDER),
    "insuf-to": Row("3.3.1", KEY, 200, 400, LINE + VIA + FROM + ID + PRESS +
                    LOUDER),
    "insuf-call-id": Row("3.3.1", KEY, 200, 400, LINE + VIA + FROM + TO +
                         "CSeq: 8 NOTIFY\nMax-Forwards: 95\n" + PRESS +
                         LOUDER),
    # Whom the scheme addresses is no account
    "unkscm": Row("3.3.2", REFUSED, 404, 404,
                  "NOTIFY nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0"
                  "\n" + HEAD + PRESS + LOUDER),
    "novelsc": Row("3.3.3", REFUSED, 404, 404,
                   "NOTIFY soap.beep://[phone] SIP/2.0\n" + HEAD + PRESS +
                   LOUDER),
    "unksm2": Row("3.3.4", DROPPED, None, None, LINE + VIA + """\
To: isbn:2983792873
From: <http://www.example.com>;tag=3234233
Call-ID: [id]
CSeq: 234902 NOTIFY
Max-Forwards: 70
Contact: <name:John_Smith>
""" + PRESS.replace("Contact", "X") + LOUDER),
    "bext01": Row("3.3.5", KEY, 200, 200, LINE + HEAD + """\
Require: nothingSupportsThis, nothingSupportsThisEither
Proxy-Require: noProxiesSupportThis, norDoAnyProxiesSupportThis
""" + PRESS + LOUDER),
    "invut": Row("3.3.6", REFUSED, 415, 415, LINE + HEAD + PRESS.replace(
        "message/sipfrag", "application/unknownformat") + LOUDER),
    "regaut01": Row("3.3.7", KEY, 200, 200, LINE + HEAD +
                    "Authorization: NoOneKnowsThisScheme opaque-data=here\n" +
                    PRESS + LOUDER),
    # Of two the last is taken, as libre does
    "multi01": Row("3.3.8", KEY, 200, 400, LINE + """\
CSeq: 5 NOTIFY
Via: SIP/2.0/UDP [pbx];rport;branch=[branch]
Max-Forwards: 70
Max-Forwards: 5
Call-ID: [id]
Call-ID: 98asdh@192.0.2.2
From: "A" <sip:user@example.com>;tag=3413415
From: "B" <sip:user@example.com>;tag=2923420123
To: <sip:[user]@example.com>
To: sip:other@example.net
CSeq: 59 NOTIFY
""" + PRESS + LOUDER),
    "mcl01": Row("3.3.9", KEY, 200, 400, LINE + HEAD + PRESS +
                 "Content-Length: 13\nContent-Length: 16\n\n"
                 "key=VOLUME_UP;UP"),
    # Sent on for everybody, by nobody that is trusted
    "bcast": Row("3.3.10", REFUSED, 403, 403, LINE + VIA +
                 "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKsaiiwu3\n" +
                 FROM + TO + ID + PRESS + LOUDER),
    "bcast-answer": Row("3.3.10", DROPPED, None, None, "SIP/2.0 200 OK\n" +
                        VIA + "Via: SIP/2.0/UDP 255.255.255.255;"
                        "branch=z9hG4bK1saber23\n" + FROM + TO + ID + EMPTY),
    # It has arrived, so nobody has to forward it any more
    "zeromf": Row("3.3.11", KEY, 200, 200, LINE + HEAD.replace(
        "Max-Forwards: 70", "Max-Forwards: 0") + PRESS + LOUDER),
    "cparam": Row("3.3.12", KEY, 200, 200, LINE + HEAD + PRESS.replace(
        "<sip:pbx@[pbx]>", "sip:+19725552222@[pbx];unknownparam") + LOUDER),
    "regescrt": Row("3.3.14", KEY, 200, 200, LINE + HEAD + PRESS.replace(
        "<sip:pbx@[pbx]>",
        "<sip:user@example.com?Route=%3Csip:sip.example.com%3E>") + LOUDER),
    "sdp01": Row("3.3.15", KEY, 200, 200, LINE + HEAD +
                 "Accept: text/nobodyKnowsThis\n" + PRESS + LOUDER),

    # 3.4 Backward compatibility: RFC 2543 knew no branches
    "inv2543": Row("3.4.1", DROPPED, None, None, LINE +
                   "Via: SIP/2.0/UDP [pbx]\n" + FROM + TO +
                   "Call-ID: [id]\nCSeq: 1 NOTIFY\n" + PRESS + LOUDER),
}
