// The numbers of the ABI. Written by tools/abi.mjs from assembly/output/abi-numbers.ts: change that file instead.

/** What a command or an input answers when it does not answer a handle. */
export enum Status {
  /** Done. */
  Ok = 0,
  /** No such call, account, flow or query, or one that has ended. */
  NoSuchThing = -1,
  /** Not possible in this state: answering a call that is up, starting twice. */
  WrongState = -2,
  /** An argument is not a number, a time or a text of the permitted kind. */
  BadArgument = -3,
  /** Too long, or more than fits. */
  TooLarge = -4,
  /** The capacity settings allow no more. */
  Full = -5,
  /** No such setting. */
  UnknownKey = -6,
  /** The value is not permitted; an event says what is. */
  BadValue = -7,
  /** Noted, but it takes effect at the next start. */
  NeedsRestart = -8,
  /** The file holds a NUL byte, or nothing that is text. */
  Unreadable = -9,
  /** Comes with a later version. */
  NotYet = -10,
}

/** The first word of every record; the second is its length in bytes, these two words included. */
export enum RecordKind {
  /** flow, peer address (text), peer port, bytes: hand them to the socket. */
  Send = 1,
  /** flow, transport, local address (text), port, dscp: bind, then sip_flow_opened or sip_flow_closed. */
  Listen = 2,
  /** flow, transport, peer address (text), peer port, server name (text), dscp: connect, then the same. */
  Open = 3,
  /** flow: close it. */
  Close = 4,
  /** query, question, name (text): ask, then sip_resolved. */
  Resolve = 5,
  /** event, name, call, call number, fields: tell the phone's application. */
  Event = 6,
  /** deadline (f64 ms of the host's clock, -1 for none): arm the one timer; the last of a drain. */
  Wake = 7,
  /** key, value: what sip_get answers. */
  Value = 8,
  /** status, offset, reason: what sip_judge answers. */
  Verdict = 9,
}

export enum Transport {
  Udp = 1,
  Tcp = 2,
  Tls = 3,
}

/** What a Resolve record asks. */
export enum Question {
  /** IPv4 addresses of a name. */
  A = 1,
  /** IPv6 addresses of a name. */
  Aaaa = 2,
  /** The local address from which packets to this address leave. */
  LocalAddress = 3,
  /** SRV records of a name: lines `PRIORITY WEIGHT PORT TARGET TTL`. */
  Srv = 4,
  /** NAPTR records of a name: lines `ORDER PREFERENCE FLAGS SERVICE REPLACEMENT TTL`, an empty field is `-`. */
  Naptr = 5,
}

/** How a field of an Event is to be read. */
export enum FieldType {
  /** A signed whole number. */
  Number = 0,
  /** offset, length of text. */
  Text = 1,
  /** The same, but a key: for the phone's media, never to be shown or stored. */
  Secret = 2,
}

export enum EventKind {
  /** The phone can be reached: address, port. */
  PhoneReady = 1,
  /** sip_stop is complete: nothing is left to wait for. */
  PhoneStopped = 2,
  /** to, account. */
  CallOutgoing = 3,
  /** from, to, account. */
  CallIncoming = 4,
  /** status. */
  CallRinging = 5,
  /** media, refresher, expires, rule. */
  CallEstablished = 6,
  /** address, port, codec, payload, ptime, direction, and the local address and port. */
  CallMedia = 7,
  /** by, method, next, expires. */
  CallRefreshed = 8,
  /** by, status, rule, reason. */
  CallEnded = 9,
  /** layer, line, key, permitted. */
  SettingRejected = 10,
  /** Something that an administrator should see: what. */
  Fault = 11,
  /** One call of the list that sip_list asked for: state. */
  CallState = 12,
  /** A command about a call came to nothing, the call goes on: what, status. */
  CallNotice = 13,
  /** An account is registered, or registered somewhere else: account, server, address, port, transport, contact, expires. */
  AccountRegistered = 14,
  /** An account could not be registered: account, server, status, reason, retry in seconds, rule, words. */
  AccountFailed = 15,
  /** A registration has ended, as was wanted: account, server. */
  AccountUnregistered = 16,
  /** A server that is asked whether it is there has not answered, or said no: account, server, address, port, status (0 for none). */
  ServerUnreachable = 17,
  /** It is there again: the same. */
  ServerReachable = 18,
  /** The other side wants us to call somebody, and we do: to, by, into (the number of the new call). */
  CallReferred = 20,
  /** How a transfer that we asked for gets on there: status. */
  CallTransfer = 21,
  /** The other side has reached the one that it was sent to: status. Both calls of ours end, where the settings say so. */
  CallTransferred = 22,
  /** This call takes the place of another: of (its number). */
  CallReplaced = 23,
  /** A conference of three: with (the number of the other call), mix (1 from now on, 0 no more). */
  CallConference = 24,
  /** The other side is, or has become, somebody else: uri, display. */
  CallIdentity = 25,
  /** The call is answered without the user: after, by, mute. */
  CallAutoAnswer = 26,
  /** A call was refused, or sent elsewhere, before it rang here: from, display, account, status, reason, to. */
  CallRefused = 27,
  /** The incoming call was meant for somebody else: by, reason, count. */
  CallDiverted = 28,
  /** account, subscription, package, uri, state. */
  SubscriptionActive = 30,
  /** The same, and status, reason, retry in seconds or -1. */
  SubscriptionEnded = 31,
  /** What a package brought whose documents the phone does not read: the same, and type, body. */
  SubscriptionNotify = 32,
  /** Messages wait in a mailbox, or no longer: account, waiting, new, old, mailbox. */
  MessageWaiting = 33,
  /** Somebody's calls have changed: account, uri, state, direction, remote, display, call_id, local_tag, remote_tag, pickup. */
  Lamp = 34,
  /** What a registrar tells of a contact: account, aor, state, contact, contact_state, event. */
  Reg = 35,
  /** The server wants the phone to look at its configuration: account, reboot. */
  CheckSync = 36,
  /** A text came in: account, from, display, text. */
  MessageReceived = 37,
  /** A text of ours was taken, or not: account, message, to, status, reason. */
  MessageAnswered = 38,
  /** The other side of a call is a conference: uri. */
  CallFocus = 39,
  /** The phone is to send DTMF itself: digits, rtp (1 as RFC 4733, 0 as tones). */
  CallDigits = 45,
  /** A digit came outside of RTP: digit, duration in ms, 0 where it was not said. */
  CallDtmf = 46,
  /** The keys of the media that the next CallMedia tells of: suite, and of each side key, lifetime and MKI. */
  CallKeys = 47,
}

/** What sip_counter answers: how often something happened since the start. */
export enum Counter {
  /** Datagrams and streams' messages that arrived. */
  Received = 0,
  /** Thrown away: no message that could be answered, or a response that is not for us. */
  Dropped = 1,
  /** Requests that could not be read and were refused. */
  Refused = 2,
  /** Responses and ACKs that belong to nothing. */
  Stray = 3,
  /** New requests that found no room in the table of transactions. */
  NoRoom = 4,
  /** Changes of dialogs, calls and registrations: a host that keeps a state file writes it when this has grown, before anything leaves. */
  Changes = 5,
}
