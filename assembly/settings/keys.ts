// Every setting that the phone honours: its number. rows.ts has their names, ranges and defaults.
//
// The names are those of Yealink-style provisioning files, the ones under `ringlet.` and a few of the
// session timer are ours. Keys of the phone come first, then those that each of the 16 accounts has; of
// these the texts stand together, and the old numbered codec list comes last. docs/settings.md is
// written from both files by tools/settings-doc.mjs: a comment on a key is its line there.

export const enum Key {
  // ---- the phone ----
  // The first five have a twin among the account keys, in the same order: the name of older firmware.
  /** T1, the estimate of a round trip; kept in ms. */
  TimerT1 = 0,
  /** T2, the longest interval between retransmissions; kept in ms. */
  TimerT2,
  /** T4, how long a message stays in the network; kept in ms. */
  TimerT4,
  /** Accept requests only from the server or the outbound proxy. */
  TrustCtrl,
  /** The port for SIP; 0 takes any free one. */
  ListenPort,
  /** Calls to and from a bare address. */
  DirectIpCallEnable,
  /** Whose do-not-disturb counts: 0 the phone's, 1 each account's. */
  DndMode,
  /** Do not disturb, for the whole phone. */
  PhoneDndEnable,
  /** Whether do not disturb may be used at all. */
  DndAllow,
  /** Status sent when the user rejects a call. */
  NormalRefuseCode,
  /** Status sent while do not disturb is on. */
  DndRefuseCode,
  /** 1 presents a second call, 0 refuses it as busy. */
  CallWaitingEnable,
  /** Lowest port for RTP. */
  MinRtpPort,
  /** Highest port for RTP. */
  MaxRtpPort,
  /** Seconds that an incoming call rings; 0 for no limit. */
  RingingTimeout,
  /** Seconds that an outgoing call waits for an answer; 0 for no limit. */
  RingbackTimeout,
  /** A transfer to one that still rings: 0 goes there without waiting, 1 waits for the answer. */
  SemiAttended,
  /** Leaving a conference connects the other two. */
  ConnectOthers,
  /** Calls at the same time. */
  CapacityCalls,
  /** Dialogs at the same time, early ones included; subscriptions have places of their own beside them. */
  CapacityDialogs,
  /** Subscriptions at the same time. */
  CapacitySubscriptions,
  /** Transactions at the same time. */
  CapacityTransactions,
  /** The port for SIP over TLS. */
  TlsListenPort,
  /** What to listen on: 0 the transports of the accounts, 1 and 2 UDP and TCP always. */
  ListenMode,
  /** Seconds, drawn at random up to this, that a phone waits after its start before it registers. */
  RegSurgePrevention,
  /** DSCP of SIP packets. */
  SignalTos,
  /** Whether the phone asks a STUN server for its public address. */
  StunEnable,
  /** The STUN server's port. */
  StunPort,
  /** Whether the public address of network.static_nat.addr is shown; it wins over STUN. */
  StaticNatEnable,
  /** Only servers whose certificate a trusted one has signed are talked to. */
  TrustCertificates,
  /** The name of a server must stand in its certificate. */
  CnValidation,
  /** Status sent when nobody answers. */
  NoAnswerCode,
  /** Status sent to a caller without identity, where account.X.reject_anonymous_call is on. */
  AnonymousResponseCode,
  /** Whose forwards count: 0 the phone's, 1 each account's. */
  FwdMode,
  /** Whether calls may be forwarded at all. */
  FwdAllow,
  /** Whether a forwarded call says so: Diversion (RFC 5806) and History-Info (RFC 7044). */
  FwdDiversion,
  /** Whether calls may be forwarded to numbers that begin with 00. */
  FwdInternational,
  /** Callers of features.forward.emergency.authorized_number are not forwarded. */
  FwdEmergency,
  /** Callers of features.dnd.emergency_authorized_number ring while do not disturb is on. */
  DndEmergency,
  // In the order of Forward (session/forward.ts).
  /** Forwards every call. */
  ForwardAlways,
  /** Forwards calls that find the phone busy. */
  ForwardBusy,
  /** Forwards calls that nobody answers. */
  ForwardNoAnswer,
  /** After how many periods of 6 s a call is one that nobody answers. */
  ForwardTimeout,
  /** Seconds that a call rings before it is answered by itself. Other phones have 1 to 4 and 1 by default. */
  AutoAnswerDelay,
  /** Calls that come past every server are answered at once. */
  IpCallAutoAnswer,
  /** The server may have a call answered at once: Call-Info, Alert-Info, Answer-Mode (RFC 5373). */
  IntercomAllow,
  /** Such a call is answered with the microphone off. */
  IntercomMute,
  /** Such a call is answered while there is another, which is put on hold. */
  IntercomBarge,
  /** NOTIFY check-sync: 0 reboots only with reboot=true, 1 always, 2 ignores it. */
  NotifyReboot,
  /** A pickup dials the code alone, without the number behind it. */
  PickupOnlySendCode,
  /** Checks the versions of the documents about a list of lamps. */
  BlfListVersion,
  /** The account's server may steer the phone by uaCSTA (ECMA TR/87). */
  CstaControl,
  /** Milliseconds of a digit that is sent by INFO; for the phone's application, too. */
  DtmfDuration,
  /** Hold as in RFC 2543, by c=0.0.0.0. */
  Rfc2543Hold,
  /** A dialled # is written %23. */
  PoundAsEscape,
  /** The local address to listen on; blank for every interface. */
  BindAddress,
  /** Where media come in, for all calls whose address sip_media does not give; blank: where SIP does. */
  MediaAddress,
  /** The STUN server's name or address. */
  StunServer,
  /** The public address of a manual NAT. */
  StaticNatAddress,
  /** The phone's instance ID, a URN as in +sip.instance (RFC 5626 §4.1); blank draws one at each start. */
  InstanceId,
  /** Code for directed pickup, where the account has none. */
  PhonePickupCode,
  /** Code for the pickup of any call that rings in the group, where the account has none: for the phone's application to call. */
  PhoneGroupPickupCode,
  /** Where a call is parked: for the phone's application to transfer it to, or to call. */
  ParkCode,
  /** Code to take a parked call back: for the phone's application to call. */
  ParkRetrieveCode,
  /** File with the phone's certificate, PEM; blank for none. Read by the host. */
  TlsCertificate,
  /** File with the key of the phone's certificate, PEM. Read by the host. */
  TlsKey,
  /** File with the trusted certificates, PEM; blank for those of the system. Read by the host. */
  TlsTrusted,
  // In the order of Forward.
  /** Where to forward every call: a number or a URI. */
  ForwardAlwaysTarget,
  /** Where to forward calls that find the phone busy. */
  ForwardBusyTarget,
  /** Where to forward calls that nobody answers. */
  ForwardNoAnswerTarget,
  /** Numbers of callers that are not forwarded, comma between them. */
  FwdEmergencyNumbers,
  /** Numbers of callers that ring through do not disturb, comma between them. */
  DndEmergencyNumbers,
  // In the order of switches (agent/feature-code.ts), on and off.
  /** Code that is called when do not disturb is switched on for the whole phone. */
  PhoneDndOnCode,
  /** The same, off. */
  PhoneDndOffCode,
  /** Code that is called, with the target behind it, when every call is forwarded from now on. */
  ForwardAlwaysOnCode,
  /** Code that is called when that ends. */
  ForwardAlwaysOffCode,
  /** The same of calls that find the phone busy, on. */
  ForwardBusyOnCode,
  /** And off. */
  ForwardBusyOffCode,
  /** The same of calls that nobody answers, on. */
  ForwardNoAnswerOnCode,
  /** And off. */
  ForwardNoAnswerOffCode,
  /** The order of headers where account.X.cid_source is 6; blank is P-Preferred-Identity, P-Asserted-Identity, Remote-Party-ID, From. */
  CidPreference,
  /** Numbers that are called whatever state the phone is in, comma between them. */
  EmergencyNumbers,

  // ---- each account ----
  /** The name of older firmware for sip.timer_t1, for this account only. */
  AccountTimerT1,
  /** The name of older firmware for sip.timer_t2, for this account only. */
  AccountTimerT2,
  /** The name of older firmware for sip.timer_t4, for this account only. */
  AccountTimerT4,
  /** The name of older firmware for sip.trust_ctrl, for this account only. */
  AccountTrustCtrl,
  /** The name of older firmware for sip.listen_port; the lowest account that has one decides. */
  AccountListenPort,
  /** Whether the account is in use. */
  Enable,
  /** The server's port; 0 finds it by DNS. Like all keys with a twin: server 1, then server 2. */
  SipServerPort,
  /** The same of the second. */
  SipServerPort2,
  /** The registration's lifetime that we ask for, in seconds. */
  ServerExpires,
  /** The same of the second. */
  ServerExpires2,
  /** How to reach the server: 0 UDP, 1 TCP, 2 TLS, 3 what DNS says. */
  ServerTransport,
  /** The same of the second. */
  ServerTransport2,
  /** How often a request is sent to one address before the next one is tried; the last one gets its 64*T1. */
  ServerRetryCounts,
  /** The same of the second. */
  ServerRetryCounts2,
  /** The same for INVITE. */
  ServerInviteRetryCounts,
  /** The same of the second. */
  ServerInviteRetryCounts2,
  /** When the first server is tried again: 0 with each new request, 1 after the TTL of DNS, 2 with the registration, 3 after failback_timeout. */
  ServerFailbackMode,
  /** The same of the second. */
  ServerFailbackMode2,
  /** Seconds on the other server with failback_mode 3; 0 until that fails. */
  ServerFailbackTimeout,
  /** The same of the second. */
  ServerFailbackTimeout2,
  /** A call that leaves its server goes to this one when it is registered there, not before. */
  ServerRegisterOnEnable,
  /** The same of the second. */
  ServerRegisterOnEnable2,
  /** With register_on_enable and failback_mode 1 to 3: a call goes only where the registration is. */
  ServerOnlyRegistered,
  /** The same of the second. */
  ServerOnlyRegistered2,
  /** Whether requests leave through the outbound proxy. */
  OutboundProxyEnable,
  /** The outbound proxy's port; 0 finds it by DNS. */
  OutboundProxyPort,
  /** The same of the second. */
  OutboundProxyPort2,
  /** As those of the server; -1 takes the server's. */
  ProxyRetryCounts,
  /** The same of the second. */
  ProxyRetryCounts2,
  /** As those of the server; -1 takes the server's. */
  ProxyInviteRetryCounts,
  /** The same of the second. */
  ProxyInviteRetryCounts2,
  /** As that of the server; -1 takes the server's. */
  ProxyFailbackMode,
  /** The same of the second. */
  ProxyFailbackMode2,
  /** As that of the server; -1 takes the server's. */
  ProxyFailbackTimeout,
  /** The same of the second. */
  ProxyFailbackTimeout2,
  /** As that of the server; -1 takes the server's. */
  ProxyRegisterOnEnable,
  /** The same of the second. */
  ProxyRegisterOnEnable2,
  /** As that of the server; -1 takes the server's. */
  ProxyOnlyRegistered,
  /** The same of the second. */
  ProxyOnlyRegistered2,
  /** Seconds after which the first outbound proxy is tried again; 0 never. */
  ProxyFallbackInterval,
  /** Two servers: 0 registers with both, 1 with the second only when the first fails. */
  RedundancyType,
  /** Seconds after which the first server is tried again, where redundancy_type is 1. */
  FallbackTimeout,
  /** Without NAPTR records: 0 asks for SRV of UDP alone, 1 of UDP, TCP and TLS. */
  NaptrBuild,
  /** Answers of DNS: 0 asks each time, 1 and 2 keep them for their TTL. */
  DnsCacheType,
  /** Whether the account registers at its servers; 0 for a trunk that knows us by our address. */
  RegisterEnable,
  /** Seconds after which a failed registration is tried again, where min_time is 0. */
  RegFailRetryInterval,
  /** Base of the growing wait after failed registrations (RFC 5626 §4.5), in seconds. */
  RegFailedRetryMinTime,
  /** Most of the growing wait after failed registrations, in seconds. */
  RegFailedRetryMaxTime,
  /** Removes the bindings of before a restart first. */
  UnregisterOnReboot,
  /** Seconds before its end at which a registration is renewed; -1 by our own rule. */
  RegisterExpiresOverlap,
  /** Says Supported: path and keeps what comes back (RFC 3327). */
  PathEnable,
  /** Takes a globally routable address if the registrar grants one (RFC 5627). */
  GruuEnable,
  /** Shows who the phone is in the Contact of REGISTER: +sip.instance. */
  InstanceIdEnable,
  /** Registers flows with reg-id (RFC 5626). */
  OutboundEnable,
  /** Requests over 1300 bytes go over TCP where they would go over UDP (RFC 3261 §18.1.1), unless the port of the server is set. */
  UdpToTcp,
  /** Seconds between OPTIONS that ask whether the server is there; 0 for none. */
  OptionsInterval,
  /** NAT: 1 asks STUN for the public address. */
  NatTraversal,
  /** The STUN server's port, for this account. */
  AccountStunPort,
  /** What keeps a NAT open: 0 nothing, 1 an empty line, 2 OPTIONS, 3 NOTIFY. */
  NatUpdateEnable,
  /** Seconds between those. */
  NatUpdateTime,
  /** Uses the address that the server saw (RFC 3581). */
  NatRport,
  /** RFC 4028 session timers. */
  SessionTimerEnable,
  /** The session interval that we ask for, in seconds. Moved into its range. */
  SessionTimerExpires,
  /** Who refreshes: 0 or uac this phone, 1 or uas the other side. */
  SessionTimerRefresher,
  /** The shortest session interval that we accept, in seconds. */
  SessionTimerMinSe,
  /** Toward a peer without session timers: 0 no timer, 1 we refresh on our own. */
  SessionTimerPeerWithoutTimer,
  /** What refreshes: 0 UPDATE where the peer allows it, 1 UPDATE, 2 re-INVITE. */
  SessionTimerRefreshMethod,
  /** Whether a refused UPDATE is tried again as re-INVITE. */
  SessionTimerUpdateFallback,
  /** Seconds that we wait longer for the other side's refresh before the call is ended. */
  SessionTimerExpiryGrace,
  /** A new From tag when an INVITE is sent again after 422 (RFC 4028, erratum 1681). */
  SessionTimerNewFromTag,
  /** Whether an UPDATE that only refreshes is answered although Allow leaves UPDATE out. */
  SessionTimerAnswerUpdate,
  /** Whether UPDATE is named in Allow and used. */
  SessionTimerAllowUpdate,
  /** Whether a call follows a 3xx. */
  FollowRedirect,
  /** Whether the other side of a call may send us on to another one (REFER). */
  ReferEnable,
  /** Whether dialogs are replaced (RFC 3891) in calls that we make or ask for; 0 for a server that refuses Replaces. */
  ReplacesEnable,
  /** Whether the other side of a transfer is asked to tell how it went; 0 says Refer-Sub: false (RFC 4488). */
  ReferSubEnable,
  /** Whether a transfer ends our calls once it has come about. */
  EndWhenTransferred,
  /** Names the third party of a transfer by its Contact; without a server it always is. */
  ReferToContact,
  /** Kind of conference: 0 the phone mixes two calls, 2 the server at account.X.conf_uri does. */
  ConfType,
  /** Provisional responses with PRACK (RFC 3262): 0 off, 1 supported, 2 required of everybody we call and who calls us (2 is ours). */
  Reliable,
  /** On hold nothing flows either way (inactive) instead of our side alone (sendonly); not with sip.rfc2543_hold. */
  HoldInactive,
  /** Payload type of telephone-event (RFC 4733). */
  DtmfPayload,
  /** How DTMF is sent: 0 as tones, 1 in RTP (RFC 4733), 2 by INFO, 3 in RTP and by INFO. */
  DtmfType,
  /** What an INFO for DTMF holds: 1 application/dtmf-relay, 2 application/dtmf. */
  DtmfInfoType,
  /** SRTP with keys in the SDP (RFC 4568): 0 off, 1 where the other side can, 2 or no call. */
  Srtp,
  /** Milliseconds of sound in a packet; 0 leaves it out of the SDP. */
  Ptime,
  /** Whether an incoming call is answered at once. */
  AutoAnswer,
  /** Do not disturb, for the account. */
  DndEnable,
  /** Whether `;user=phone` is added to the URIs of an INVITE. */
  EnableUserEqualPhone,
  // In the order of Forward.
  /** Forwards every call of the account. */
  AlwaysFwd,
  /** Forwards calls of the account that find the phone busy. */
  BusyFwd,
  /** Forwards calls of the account that nobody answers. */
  TimeoutFwd,
  /** After how many periods of 6 s that is. */
  TimeoutFwdTimeout,
  /** Who calls: 0 From, 1 P-Asserted-Identity, 2 that or From, 3 Remote-Party-ID, P-Asserted-Identity or From, 4 the same with P-Asserted-Identity first, 5 Remote-Party-ID or From, 6 as sip.cid_source.preference says. What a network asserts counts only from the account's server. */
  CidSource,
  /** Privacy: id hides who calls. */
  CidPrivacy,
  /** P-Preferred-Identity comes before all that. */
  CidPpi,
  /** Who was reached: 0 P-Asserted-Identity or Remote-Party-ID, 1 what was dialled, 2 From of an UPDATE or re-INVITE (RFC 4916), 3 as 0, or Contact. */
  CpSource,
  /** Calls go out without our identity. */
  AnonymousCall,
  /** The server alone takes the identity off: it still stands in From. */
  AnonymousServerOnly,
  /** Calls without identity are refused with features.anonymous_response_code. */
  RejectAnonymous,
  /** A call that is answered by itself has the microphone off. */
  AutoAnswerMute,
  /** Whether the account subscribes to its messages that wait (RFC 3842). */
  SubscribeMwi,
  /** Subscribes to the voice mail's number instead of the account. */
  SubscribeMwiToVm,
  /** Seconds that we ask for; 0 for an hour. */
  SubscribeMwiExpires,
  /** Whether the account subscribes to its own registration (RFC 3680). */
  SubscribeRegister,
  /** Seconds that we ask for to watch somebody's calls (RFC 4235). */
  BlfSubscribePeriod,
  /** Takes NOTIFY about somebody's calls that nobody subscribed to, from the server. */
  OutDialogBlf,
  /** Picks a call up with Replaces made of what the lamp tells, instead of by code. */
  DialoginfoPickup,
  /** Seconds before its end at which a subscription is renewed; -1 by our own rule. */
  SubscribeExpiresOverlap,
  /** Seconds after which a subscription that failed is tried again; the wait grows up to half an hour. */
  SubFailRetryInterval,
  // In the order of Codec (sdp/codec.ts).
  /** Whether G.711 u-law is offered. */
  CodecPcmuEnable,
  /** Whether G.711 A-law is offered. */
  CodecPcmaEnable,
  /** Whether G.722 is offered. */
  CodecG722Enable,
  /** Whether G.729 is offered. */
  CodecG729Enable,
  /** Whether iLBC is offered. */
  CodecIlbcEnable,
  /** Whether Opus is offered. */
  CodecOpusEnable,
  /** Place of G.711 u-law in an offer: 1 first, 0 last. */
  CodecPcmuPriority,
  /** Place of G.711 A-law in an offer. */
  CodecPcmaPriority,
  /** Place of G.722 in an offer. */
  CodecG722Priority,
  /** Place of G.729 in an offer. */
  CodecG729Priority,
  /** Place of iLBC in an offer. */
  CodecIlbcPriority,
  /** Place of Opus in an offer. */
  CodecOpusPriority,
  /** The name on the screen; never sent. */
  Label,
  /** The display name in From and Contact. */
  DisplayName,
  /** The user part of the account's address. */
  UserName,
  /** The user name for authentication; blank takes user_name. */
  AuthName,
  /** The password for authentication. Reading it back answers `********`. */
  Password,
  /** The server's name or address. */
  SipServerAddress,
  /** The same of the second. */
  SipServerAddress2,
  /** The outbound proxy's name or address. */
  OutboundProxyAddress,
  /** The same of the second. */
  OutboundProxyAddress2,
  /** The STUN server of this account. */
  AccountStunServer,
  /** The name that stands in Via and Contact in place of our address. */
  PublicName,
  // In the order of Forward.
  /** Where to forward every call of the account. */
  AlwaysFwdTarget,
  /** Where to forward those that find the phone busy. */
  BusyFwdTarget,
  /** Where to forward those that nobody answers. */
  TimeoutFwdTarget,
  // In the order of switches.
  /** Code that is called when do not disturb is switched on for the account. */
  DndOnCode,
  /** The same, off. */
  DndOffCode,
  /** Code that is called, with the target behind it, when every call of the account is forwarded from now on. */
  AlwaysFwdOnCode,
  /** Code that is called when that ends. */
  AlwaysFwdOffCode,
  /** The same of calls that find the phone busy, on. */
  BusyFwdOnCode,
  /** And off. */
  BusyFwdOffCode,
  /** The same of calls that nobody answers, on. */
  TimeoutFwdOnCode,
  /** And off. */
  TimeoutFwdOffCode,
  /** The value of Alert-Info in our INVITE. */
  AlertInfo,
  /** The number of the account's voice mail. */
  VoiceMail,
  /** The list of those whose calls are watched: user@domain, or user. */
  BlfListUri,
  /** Code for the pickup of a call of that list. */
  BlfListCode,
  /** Code for directed pickup. */
  PickupCode,
  /** Code for the pickup of any call that rings in the group: for the phone's application to call. */
  GroupPickupCode,
  /** Code to take back a call that is parked at somebody of that list: for the phone's application to call. */
  BlfListRetrieveCode,
  /** The conference of the server (conf_type 2): a URI, or the number at the account's server. */
  ConfUri,
  // The old numbered list of codecs, slots 1..16 of each.
  /** Whether slot Y of the old codec list is offered; the named keys win. */
  CodecSlotEnable,
  /** Which codec slot Y stands for; 1 PCMU, 2 PCMA, 5 G729 and 6 G722 by default. */
  CodecSlotPayload = CodecSlotEnable + 16,
  /** Place of slot Y in an offer. */
  CodecSlotPriority = CodecSlotPayload + 16,
  End = CodecSlotPriority + 16,
}

export const ACCOUNTS: i32 = 16;
export const SLOTS: i32 = 16;
/** The longest text, in bytes, whose row says nothing else. */
export const TEXT_BYTES: i32 = 128;
export const FIRST_ACCOUNT_KEY: i32 = <i32>Key.AccountTimerT1;
/** Keys below have a twin among the account keys. */
export const TWINS: i32 = 5;
