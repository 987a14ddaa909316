/* The numbers of the ABI. Written by tools/abi.mjs from assembly/output/abi-numbers.ts: change that file instead. */
#ifndef RINGLET_ABI_H
#define RINGLET_ABI_H

#define RINGLET_ABI 1

/** What a command or an input answers when it does not answer a handle. */
enum ringlet_status {
  /** Done. */
  RINGLET_OK = 0,
  /** No such call, account, flow or query, or one that has ended. */
  RINGLET_NO_SUCH_THING = -1,
  /** Not possible in this state: answering a call that is up, starting twice. */
  RINGLET_WRONG_STATE = -2,
  /** An argument is not a number, a time or a text of the permitted kind. */
  RINGLET_BAD_ARGUMENT = -3,
  /** Too long, or more than fits. */
  RINGLET_TOO_LARGE = -4,
  /** The capacity settings allow no more. */
  RINGLET_FULL = -5,
  /** No such setting. */
  RINGLET_UNKNOWN_KEY = -6,
  /** The value is not permitted; an event says what is. */
  RINGLET_BAD_VALUE = -7,
  /** Noted, but it takes effect at the next start. */
  RINGLET_NEEDS_RESTART = -8,
  /** The file holds a NUL byte, or nothing that is text. */
  RINGLET_UNREADABLE = -9,
  /** Comes with a later version. */
  RINGLET_NOT_YET = -10
};

/** The first word of every record; the second is its length in bytes, these two words included. */
enum ringlet_record_kind {
  /** flow, peer address (text), peer port, bytes: hand them to the socket. */
  RINGLET_RECORD_SEND = 1,
  /** flow, transport, local address (text), port, dscp: bind, then sip_flow_opened or sip_flow_closed. */
  RINGLET_RECORD_LISTEN = 2,
  /** flow, transport, peer address (text), peer port, server name (text), dscp: connect, then the same. */
  RINGLET_RECORD_OPEN = 3,
  /** flow: close it. */
  RINGLET_RECORD_CLOSE = 4,
  /** query, question, name (text): ask, then sip_resolved. */
  RINGLET_RECORD_RESOLVE = 5,
  /** event, name, call, call number, fields: tell the phone's application. */
  RINGLET_RECORD_EVENT = 6,
  /** deadline (f64 ms of the host's clock, -1 for none): arm the one timer; the last of a drain. */
  RINGLET_RECORD_WAKE = 7,
  /** key, value: what sip_get answers. */
  RINGLET_RECORD_VALUE = 8,
  /** status, offset, reason: what sip_judge answers. */
  RINGLET_RECORD_VERDICT = 9
};

enum ringlet_transport {
  RINGLET_TRANSPORT_UDP = 1,
  RINGLET_TRANSPORT_TCP = 2,
  RINGLET_TRANSPORT_TLS = 3
};

/** What a Resolve record asks. */
enum ringlet_question {
  /** IPv4 addresses of a name. */
  RINGLET_QUESTION_A = 1,
  /** IPv6 addresses of a name. */
  RINGLET_QUESTION_AAAA = 2,
  /** The local address from which packets to this address leave. */
  RINGLET_QUESTION_LOCAL_ADDRESS = 3,
  /** SRV records of a name: lines `PRIORITY WEIGHT PORT TARGET TTL`. */
  RINGLET_QUESTION_SRV = 4,
  /** NAPTR records of a name: lines `ORDER PREFERENCE FLAGS SERVICE REPLACEMENT TTL`, an empty field is `-`. */
  RINGLET_QUESTION_NAPTR = 5
};

/** How a field of an Event is to be read. */
enum ringlet_field_type {
  /** A signed whole number. */
  RINGLET_FIELD_NUMBER = 0,
  /** offset, length of text. */
  RINGLET_FIELD_TEXT = 1,
  /** The same, but a key: for the phone's media, never to be shown or stored. */
  RINGLET_FIELD_SECRET = 2
};

enum ringlet_event_kind {
  /** The phone can be reached: address, port. */
  RINGLET_EVENT_PHONE_READY = 1,
  /** sip_stop is complete: nothing is left to wait for. */
  RINGLET_EVENT_PHONE_STOPPED = 2,
  /** to, account. */
  RINGLET_EVENT_CALL_OUTGOING = 3,
  /** from, to, account. */
  RINGLET_EVENT_CALL_INCOMING = 4,
  /** status. */
  RINGLET_EVENT_CALL_RINGING = 5,
  /** media, refresher, expires, rule. */
  RINGLET_EVENT_CALL_ESTABLISHED = 6,
  /** address, port, codec, payload, ptime, direction, and the local address and port. */
  RINGLET_EVENT_CALL_MEDIA = 7,
  /** by, method, next, expires. */
  RINGLET_EVENT_CALL_REFRESHED = 8,
  /** by, status, rule, reason. */
  RINGLET_EVENT_CALL_ENDED = 9,
  /** layer, line, key, permitted. */
  RINGLET_EVENT_SETTING_REJECTED = 10,
  /** Something that an administrator should see: what. */
  RINGLET_EVENT_FAULT = 11,
  /** One call of the list that sip_list asked for: state. */
  RINGLET_EVENT_CALL_STATE = 12,
  /** A command about a call came to nothing, the call goes on: what, status. */
  RINGLET_EVENT_CALL_NOTICE = 13,
  /** An account is registered, or registered somewhere else: account, server, address, port, transport, contact, expires. */
  RINGLET_EVENT_ACCOUNT_REGISTERED = 14,
  /** An account could not be registered: account, server, status, reason, retry in seconds, rule, words. */
  RINGLET_EVENT_ACCOUNT_FAILED = 15,
  /** A registration has ended, as was wanted: account, server. */
  RINGLET_EVENT_ACCOUNT_UNREGISTERED = 16,
  /** A server that is asked whether it is there has not answered, or said no: account, server, address, port, status (0 for none). */
  RINGLET_EVENT_SERVER_UNREACHABLE = 17,
  /** It is there again: the same. */
  RINGLET_EVENT_SERVER_REACHABLE = 18,
  /** The other side wants us to call somebody, and we do: to, by, into (the number of the new call). */
  RINGLET_EVENT_CALL_REFERRED = 20,
  /** How a transfer that we asked for gets on there: status. */
  RINGLET_EVENT_CALL_TRANSFER = 21,
  /** The other side has reached the one that it was sent to: status. Both calls of ours end, where the settings say so. */
  RINGLET_EVENT_CALL_TRANSFERRED = 22,
  /** This call takes the place of another: of (its number). */
  RINGLET_EVENT_CALL_REPLACED = 23,
  /** A conference of three: with (the number of the other call), mix (1 from now on, 0 no more). */
  RINGLET_EVENT_CALL_CONFERENCE = 24,
  /** The other side is, or has become, somebody else: uri, display. */
  RINGLET_EVENT_CALL_IDENTITY = 25,
  /** The call is answered without the user: after, by, mute. */
  RINGLET_EVENT_CALL_AUTO_ANSWER = 26,
  /** A call was refused, or sent elsewhere, before it rang here: from, display, account, status, reason, to. */
  RINGLET_EVENT_CALL_REFUSED = 27,
  /** The incoming call was meant for somebody else: by, reason, count. */
  RINGLET_EVENT_CALL_DIVERTED = 28,
  /** account, subscription, package, uri, state. */
  RINGLET_EVENT_SUBSCRIPTION_ACTIVE = 30,
  /** The same, and status, reason, retry in seconds or -1. */
  RINGLET_EVENT_SUBSCRIPTION_ENDED = 31,
  /** What a package brought whose documents the phone does not read: the same, and type, body. */
  RINGLET_EVENT_SUBSCRIPTION_NOTIFY = 32,
  /** Messages wait in a mailbox, or no longer: account, waiting, new, old, mailbox. */
  RINGLET_EVENT_MESSAGE_WAITING = 33,
  /** Somebody's calls have changed: account, uri, state, direction, remote, display, call_id, local_tag, remote_tag, pickup. */
  RINGLET_EVENT_LAMP = 34,
  /** What a registrar tells of a contact: account, aor, state, contact, contact_state, event. */
  RINGLET_EVENT_REG = 35,
  /** The server wants the phone to look at its configuration: account, reboot. */
  RINGLET_EVENT_CHECK_SYNC = 36,
  /** A text came in: account, from, display, text. */
  RINGLET_EVENT_MESSAGE_RECEIVED = 37,
  /** A text of ours was taken, or not: account, message, to, status, reason. */
  RINGLET_EVENT_MESSAGE_ANSWERED = 38,
  /** The other side of a call is a conference: uri. */
  RINGLET_EVENT_CALL_FOCUS = 39,
  /** The phone is to send DTMF itself: digits, rtp (1 as RFC 4733, 0 as tones). */
  RINGLET_EVENT_CALL_DIGITS = 45,
  /** A digit came outside of RTP: digit, duration in ms, 0 where it was not said. */
  RINGLET_EVENT_CALL_DTMF = 46,
  /** The keys of the media that the next CallMedia tells of: suite, and of each side key, lifetime and MKI. */
  RINGLET_EVENT_CALL_KEYS = 47
};

/** What sip_counter answers: how often something happened since the start. */
enum ringlet_counter {
  /** Datagrams and streams' messages that arrived. */
  RINGLET_COUNTER_RECEIVED = 0,
  /** Thrown away: no message that could be answered, or a response that is not for us. */
  RINGLET_COUNTER_DROPPED = 1,
  /** Requests that could not be read and were refused. */
  RINGLET_COUNTER_REFUSED = 2,
  /** Responses and ACKs that belong to nothing. */
  RINGLET_COUNTER_STRAY = 3,
  /** New requests that found no room in the table of transactions. */
  RINGLET_COUNTER_NO_ROOM = 4,
  /** Changes of dialogs, calls and registrations: a host that keeps a state file writes it when this has grown, before anything leaves. */
  RINGLET_COUNTER_CHANGES = 5
};

#endif
