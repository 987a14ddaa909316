// Every setting that the phone honours: its number, and the one table of names, ranges and defaults.
//
// The names are those of Yealink-style provisioning files, the ones under `ringlet.` and a few of the
// session timer are ours. Keys of the phone come first, then those that each of the 16 accounts has; of
// these the texts stand together, and the old numbered codec list comes last. docs/settings.md is
// written from this file by tools/settings-doc.mjs: a comment on a key is its line there.

import { equalsIgnoringCase, Slice, w } from "../bytes/slice";
import { reserve } from "../bytes/arena";
import { Codec } from "../sdp/codec";

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
  /** Dialogs at the same time, early ones included. */
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
  /** Hold as in RFC 2543, by c=0.0.0.0. */
  Rfc2543Hold,
  /** The local address to listen on; blank for every interface. */
  BindAddress,
  /** The STUN server's name or address. */
  StunServer,
  /** The public address of a manual NAT. */
  StaticNatAddress,
  /** The phone's instance ID, a URN as in +sip.instance (RFC 5626 §4.1); blank draws one at each start. */
  InstanceId,
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
  /** Kind of conference: 0 the phone mixes two calls, 2 a server does. */
  ConfType,
  /** Payload type of telephone-event (RFC 4733). */
  DtmfPayload,
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
  /** Provisional responses with PRACK (RFC 3262): 0 off, 1 supported, 2 required of everybody we call and who calls us (2 is ours). */
  Reliable,
  /** On hold nothing flows either way (inactive) instead of our side alone (sendonly); not with sip.rfc2543_hold. */
  HoldInactive,
  // In the order of Codec (sdp/codec.ts).
  /** Whether G.711 u-law is offered. */
  CodecPcmuEnable,
  /** Whether G.711 A-law is offered. */
  CodecPcmaEnable,
  /** Whether G.722 is offered. */
  CodecG722Enable,
  /** Whether G.729 is offered. */
  CodecG729Enable,
  /** Place of G.711 u-law in an offer: 1 first, 0 last. */
  CodecPcmuPriority,
  /** Place of G.711 A-law in an offer. */
  CodecPcmaPriority,
  /** Place of G.722 in an offer. */
  CodecG722Priority,
  /** Place of G.729 in an offer. */
  CodecG729Priority,
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
  /** The value of Alert-Info in our INVITE. */
  AlertInfo,
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
/** The longest text, in bytes, of an account, and of the phone. */
export const TEXT_BYTES: i32 = 128;
export const PHONE_TEXT_BYTES: i32 = 511;
/** The texts of the phone stand together, last among its keys. */
export const FIRST_PHONE_TEXT: i32 = <i32>Key.BindAddress;
export const FIRST_ACCOUNT_KEY: i32 = <i32>Key.AccountTimerT1;
/** Keys below have a twin among the account keys. */
export const TWINS: i32 = 5;

/** What a value looks like. */
export const enum Type {
  /** least..most; `0 or 1` is such a number too. */
  Number,
  /** The same, but a number outside is moved to the nearer end. */
  Clamped,
  /** Decimal seconds, kept in ms. */
  Seconds,
  /** 0 or a number of the range. */
  ZeroOr,
  /** 0 or a number of the range; one below is moved to its least. */
  ZeroOrClamped,
  /** A number of the range that ends in 0. */
  Tens,
  /** 0 or 1, uac or uas. */
  Role,
  /** A status code; `least` is the set of permitted ones (value.ts). */
  Code,
  /** A codec of the old list. */
  CodecName,
  /** Printable text. */
  Text,
  /** A host name or address. */
  Host,
}


@unmanaged
export class Row {
  name: Slice;
  key: Key;
  type: Type;
  least: i32;
  most: i32;
  preset: i32;
}

// A row for every key, one for each of the three families of slots, then the other spellings.
const FAMILIES: i32 = <i32>Key.CodecSlotEnable;
const ROWS: i32 = FAMILIES + 3 + 8;

let rows: usize = 0;
let other: i32 = 0;

/** The row of a key. */
export function rowOf(key: Key): Row {
  const past = <i32>key - FAMILIES;
  return rowAt(past < 0 ? <i32>key : FAMILIES + past / SLOTS);
}

/** The factory default of a key. */
export function presetOf(key: Key): i32 {
  return <i32>key < FAMILIES
    ? rowOf(key).preset
    : presetOfSlot((<i32>key - FAMILIES) / SLOTS, (<i32>key - FAMILIES) % SLOTS);
}

/** A slot of the old list has the defaults of the codec that most models have there, counted from 0. */
function presetOfSlot(family: i32, slot: i32): i32 {
  const codec = codecOfSlot(slot);
  if (family == 1) return codec;
  if (codec == Codec.TelephoneEvent) return 0;
  const named = family == 0 ? Key.CodecPcmuEnable : Key.CodecPcmuPriority;
  return rowOf(<Key>(<i32>named + codec)).preset;
}

/** TelephoneEvent stands for every codec that this phone does not have. */
function codecOfSlot(slot: i32): Codec {
  switch (slot) {
    case 0:
      return Codec.Pcmu;
    case 1:
      return Codec.Pcma;
    case 4:
      return Codec.G729;
    case 5:
      return Codec.G722;
    default:
      return Codec.TelephoneEvent;
  }
}

/** The row with that name, in any case, among the phone's keys or among an account's; null for none. */
export function findRow(name: Slice, ofAccount: bool): Row | null {
  for (let i = 0; i < ROWS; i++) {
    const row = rowAt(i);
    if (<i32>row.key >= FIRST_ACCOUNT_KEY != ofAccount || <i32>row.key >= FAMILIES) continue;
    if (equalsIgnoringCase(name, row.name)) return row;
  }
  return null;
}

/** Whether the name is the one in use today, not that of older firmware. */
export function isMainName(row: Row): bool {
  return row == rowAt(<i32>row.key);
}

function rowAt(index: i32): Row {
  return changetype<Row>(rows + <usize>index * offsetof<Row>());
}

function row(key: Key, name: Slice, type: Type, least: i32, most: i32, preset: i32): void {
  fill(rowOf(key), key, name, type, least, most, preset);
}

/** A row of 0 or 1. */
function flag(key: Key, name: Slice, preset: i32): void {
  row(key, name, Type.Number, 0, 1, preset);
}

/** A row of text, blank by default. */
function words(key: Key, name: Slice, type: Type): void {
  row(key, name, type, 0, TEXT_BYTES, 0);
}

/** The same, a longer one: numbers or names with commas between them. */
function list(key: Key, name: Slice): void {
  row(key, name, Type.Text, 0, PHONE_TEXT_BYTES, 0);
}

/** Another spelling of a key: the name of older firmware. */
function alias(key: Key, name: Slice): void {
  const main = rowOf(key);
  fill(rowAt(other++), key, name, main.type, main.least, main.most, main.preset);
}

function fill(to: Row, key: Key, name: Slice, type: Type, least: i32, most: i32, preset: i32): void {
  to.key = key;
  to.name = name;
  to.type = type;
  to.least = least;
  to.most = most;
  to.preset = preset;
}

export function openKeys(): void {
  rows = reserve(<usize>ROWS * offsetof<Row>());
  other = FAMILIES + 3;
  phoneRows();
  ourRows();
  callRows();
  accountRows();
  serverRows();
  registrationRows();
  natRows();
  sessionTimerRows();
  codecRows();
  alias(Key.SipServerAddress, w("sip_server_host"));
  alias(Key.SipServerPort, w("sip_server_port"));
  alias(Key.OutboundProxyAddress, w("outbound_host"));
  alias(Key.OutboundProxyPort, w("outbound_port"));
  alias(Key.OutboundProxyAddress2, w("backup_outbound_host"));
  alias(Key.OutboundProxyPort2, w("backup_outbound_port"));
  alias(Key.ServerExpires, w("expires"));
  alias(Key.ServerTransport, w("transport"));
}

function phoneRows(): void {
  row(Key.TimerT1, w("sip.timer_t1"), Type.Seconds, 500, 10000, 500);
  row(Key.TimerT2, w("sip.timer_t2"), Type.Seconds, 2000, 40000, 4000);
  row(Key.TimerT4, w("sip.timer_t4"), Type.Seconds, 2500, 60000, 5000);
  flag(Key.TrustCtrl, w("sip.trust_ctrl"), 0);
  row(Key.ListenPort, w("sip.listen_port"), Type.ZeroOr, 1024, 65535, 5060);
  flag(Key.DirectIpCallEnable, w("features.direct_ip_call_enable"), 1);
  flag(Key.DndMode, w("features.dnd_mode"), 0);
  flag(Key.PhoneDndEnable, w("features.dnd.enable"), 0);
  flag(Key.DndAllow, w("features.dnd.allow"), 1);
  row(Key.NormalRefuseCode, w("features.normal_refuse_code"), Type.Code, 31, 0, 486);
  row(Key.DndRefuseCode, w("features.dnd_refuse_code"), Type.Code, 23, 0, 480);
  flag(Key.CallWaitingEnable, w("call_waiting.enable"), 1);
  row(Key.MinRtpPort, w("network.port.min_rtpport"), Type.Number, 1, 65535, 11780);
  row(Key.MaxRtpPort, w("network.port.max_rtpport"), Type.Number, 1, 65535, 12780);
  row(Key.RingingTimeout, w("phone_setting.ringing_timeout"), Type.Number, 0, 3600, 180);
  row(Key.RingbackTimeout, w("phone_setting.ringback_timeout"), Type.Number, 0, 3600, 180);
  flag(Key.SemiAttended, w("transfer.semi_attend_tran_enable"), 1);
  flag(Key.ConnectOthers, w("transfer.tran_others_after_conf_enable"), 0);
  row(Key.TlsListenPort, w("sip.tls_listen_port"), Type.ZeroOr, 1024, 65535, 5061);
  row(Key.ListenMode, w("sip.listen_mode"), Type.Number, 0, 2, 0);
  row(Key.RegSurgePrevention, w("sip.reg_surge_prevention"), Type.Number, 0, 60, 0);
  row(Key.SignalTos, w("network.qos.signaltos"), Type.Number, 0, 63, 26);
  flag(Key.StunEnable, w("sip.nat_stun.enable"), 0);
  words(Key.StunServer, w("sip.nat_stun.server"), Type.Host);
  row(Key.StunPort, w("sip.nat_stun.port"), Type.Number, 1, 65535, 3478);
  flag(Key.StaticNatEnable, w("network.static_nat.enable"), 0);
  words(Key.StaticNatAddress, w("network.static_nat.addr"), Type.Host);
  flag(Key.TrustCertificates, w("security.trust_certificates"), 1);
  flag(Key.CnValidation, w("security.cn_validation"), 0);
}

/** Incoming calls: where they go, who has them answered, who calls. */
function callRows(): void {
  row(Key.NoAnswerCode, w("features.no_answer_code"), Type.Code, 31, 0, 480);
  row(Key.AnonymousResponseCode, w("features.anonymous_response_code"), Type.Number, 400, 699, 433);
  flag(Key.FwdMode, w("features.fwd_mode"), 0);
  flag(Key.FwdAllow, w("features.fwd.allow"), 1);
  flag(Key.FwdDiversion, w("features.fwd_diversion_enable"), 1);
  flag(Key.FwdInternational, w("forward.international.enable"), 1);
  flag(Key.FwdEmergency, w("features.forward.emergency.enable"), 0);
  flag(Key.DndEmergency, w("features.dnd.emergency_enable"), 0);
  flag(Key.ForwardAlways, w("forward.always.enable"), 0);
  flag(Key.ForwardBusy, w("forward.busy.enable"), 0);
  flag(Key.ForwardNoAnswer, w("forward.no_answer.enable"), 0);
  row(Key.ForwardTimeout, w("forward.no_answer.timeout"), Type.Number, 0, 20, 2);
  row(Key.AutoAnswerDelay, w("features.auto_answer_delay"), Type.Number, 0, 4, 0);
  flag(Key.IpCallAutoAnswer, w("features.ip_call.auto_answer.enable"), 0);
  flag(Key.IntercomAllow, w("features.intercom.allow"), 1);
  flag(Key.IntercomMute, w("features.intercom.mute"), 0);
  flag(Key.IntercomBarge, w("features.intercom.barge"), 0);
  flag(Key.Rfc2543Hold, w("sip.rfc2543_hold"), 0);
  words(Key.ForwardAlwaysTarget, w("forward.always.target"), Type.Text);
  words(Key.ForwardBusyTarget, w("forward.busy.target"), Type.Text);
  words(Key.ForwardNoAnswerTarget, w("forward.no_answer.target"), Type.Text);
  list(Key.FwdEmergencyNumbers, w("features.forward.emergency.authorized_number"));
  list(Key.DndEmergencyNumbers, w("features.dnd.emergency_authorized_number"));
  list(Key.CidPreference, w("sip.cid_source.preference"));
  list(Key.EmergencyNumbers, w("ringlet.emergency.numbers"));
  flag(Key.AlwaysFwd, w("always_fwd.enable"), 0);
  flag(Key.BusyFwd, w("busy_fwd.enable"), 0);
  flag(Key.TimeoutFwd, w("timeout_fwd.enable"), 0);
  row(Key.TimeoutFwdTimeout, w("timeout_fwd.timeout"), Type.Number, 0, 20, 2);
  row(Key.CidSource, w("cid_source"), Type.Number, 0, 6, 0);
  flag(Key.CidPrivacy, w("cid_source_privacy"), 1);
  flag(Key.CidPpi, w("cid_source_ppi"), 0);
  row(Key.CpSource, w("cp_source"), Type.Number, 0, 3, 1);
  flag(Key.AnonymousCall, w("anonymous_call"), 0);
  flag(Key.AnonymousServerOnly, w("anonymous_call.server_base_only"), 0);
  flag(Key.RejectAnonymous, w("reject_anonymous_call"), 0);
  flag(Key.AutoAnswerMute, w("auto_answer_mute_enable"), 0);
  row(Key.Reliable, w("100rel_enable"), Type.Number, 0, 2, 0);
  flag(Key.HoldInactive, w("hold_use_inactive"), 0);
  words(Key.AlwaysFwdTarget, w("always_fwd.target"), Type.Text);
  words(Key.BusyFwdTarget, w("busy_fwd.target"), Type.Text);
  words(Key.TimeoutFwdTarget, w("timeout_fwd.target"), Type.Text);
  words(Key.AlertInfo, w("alert_info"), Type.Text);
}

function ourRows(): void {
  row(Key.CapacityCalls, w("ringlet.capacity.calls"), Type.Number, 1, 1000, 16);
  row(Key.CapacityDialogs, w("ringlet.capacity.dialogs"), Type.Number, 1, 10000, 64);
  row(Key.CapacitySubscriptions, w("ringlet.capacity.subscriptions"), Type.Number, 0, 10000, 128);
  row(Key.CapacityTransactions, w("ringlet.capacity.transactions"), Type.Number, 16, 100000, 256);
  words(Key.BindAddress, w("ringlet.bind.address"), Type.Host);
  words(Key.InstanceId, w("ringlet.instance_id"), Type.Text);
  words(Key.TlsCertificate, w("ringlet.tls.certificate"), Type.Text);
  words(Key.TlsKey, w("ringlet.tls.key"), Type.Text);
  words(Key.TlsTrusted, w("ringlet.tls.trusted"), Type.Text);
}

function accountRows(): void {
  row(Key.AccountTimerT1, w("advanced.timer_t1"), Type.Seconds, 500, 10000, 500);
  row(Key.AccountTimerT2, w("advanced.timer_t2"), Type.Seconds, 2000, 40000, 4000);
  row(Key.AccountTimerT4, w("advanced.timer_t4"), Type.Seconds, 2500, 60000, 5000);
  flag(Key.AccountTrustCtrl, w("sip_trust_ctrl"), 0);
  row(Key.AccountListenPort, w("sip_listen_port"), Type.ZeroOr, 1024, 65535, 5060);
  flag(Key.Enable, w("enable"), 0);
  words(Key.Label, w("label"), Type.Text);
  words(Key.DisplayName, w("display_name"), Type.Text);
  words(Key.UserName, w("user_name"), Type.Text);
  words(Key.AuthName, w("auth_name"), Type.Text);
  words(Key.Password, w("password"), Type.Text);
  flag(Key.OutboundProxyEnable, w("outbound_proxy_enable"), 0);
  flag(Key.FollowRedirect, w("follow_redirect"), 1);
  flag(Key.ReferEnable, w("refer.enable"), 1);
  flag(Key.ReplacesEnable, w("replaces.enable"), 1);
  flag(Key.ReferSubEnable, w("refer_sub.enable"), 1);
  flag(Key.EndWhenTransferred, w("end_call_when_transferred.enable"), 1);
  flag(Key.ReferToContact, w("transfer_refer_to_contact_header.enable"), 0);
  row(Key.ConfType, w("conf_type"), Type.Number, 0, 2, 0);
  row(Key.DtmfPayload, w("dtmf.dtmf_payload"), Type.Number, 96, 127, 101);
  row(Key.Ptime, w("ptime"), Type.Tens, 0, 60, 20);
  flag(Key.AutoAnswer, w("auto_answer"), 0);
  flag(Key.DndEnable, w("dnd.enable"), 0);
  flag(Key.EnableUserEqualPhone, w("enable_user_equal_phone"), 0);
}

/** A row for each of the two servers, or of the two proxies. */
function pair(key: Key, first: Slice, second: Slice, type: Type, least: i32, most: i32, preset: i32): void {
  row(key, first, type, least, most, preset);
  row(<Key>(<i32>key + 1), second, type, least, most, preset);
}

function serverRows(): void {
  pair(
    Key.SipServerAddress,
    w("sip_server.1.address"),
    w("sip_server.2.address"),
    Type.Host,
    0,
    TEXT_BYTES,
    0,
  );
  pair(Key.SipServerPort, w("sip_server.1.port"), w("sip_server.2.port"), Type.Number, 0, 65535, 5060);
  pair(
    Key.ServerExpires,
    w("sip_server.1.expires"),
    w("sip_server.2.expires"),
    Type.Number,
    30,
    2147483647,
    3600,
  );
  pair(
    Key.ServerTransport,
    w("sip_server.1.transport_type"),
    w("sip_server.2.transport_type"),
    Type.Number,
    0,
    3,
    0,
  );
  pair(
    Key.ServerRetryCounts,
    w("sip_server.1.retry_counts"),
    w("sip_server.2.retry_counts"),
    Type.Number,
    0,
    20,
    3,
  );
  pair(
    Key.ServerInviteRetryCounts,
    w("sip_server.1.invite_retry_counts"),
    w("sip_server.2.invite_retry_counts"),
    Type.Number,
    1,
    10,
    3,
  );
  pair(
    Key.ServerFailbackMode,
    w("sip_server.1.failback_mode"),
    w("sip_server.2.failback_mode"),
    Type.Number,
    0,
    3,
    0,
  );
  pair(
    Key.ServerFailbackTimeout,
    w("sip_server.1.failback_timeout"),
    w("sip_server.2.failback_timeout"),
    Type.ZeroOrClamped,
    60,
    65535,
    3600,
  );
  pair(
    Key.ServerRegisterOnEnable,
    w("sip_server.1.register_on_enable"),
    w("sip_server.2.register_on_enable"),
    Type.Number,
    0,
    1,
    0,
  );
  pair(
    Key.ServerOnlyRegistered,
    w("sip_server.1.only_signal_with_registered"),
    w("sip_server.2.only_signal_with_registered"),
    Type.Number,
    0,
    1,
    0,
  );
  pair(
    Key.OutboundProxyAddress,
    w("outbound_proxy.1.address"),
    w("outbound_proxy.2.address"),
    Type.Host,
    0,
    TEXT_BYTES,
    0,
  );
  pair(
    Key.OutboundProxyPort,
    w("outbound_proxy.1.port"),
    w("outbound_proxy.2.port"),
    Type.Number,
    0,
    65535,
    5060,
  );
  pair(
    Key.ProxyRetryCounts,
    w("outbound_proxy.1.retry_counts"),
    w("outbound_proxy.2.retry_counts"),
    Type.Number,
    -1,
    20,
    -1,
  );
  pair(
    Key.ProxyInviteRetryCounts,
    w("outbound_proxy.1.invite_retry_counts"),
    w("outbound_proxy.2.invite_retry_counts"),
    Type.Number,
    -1,
    10,
    -1,
  );
  pair(
    Key.ProxyFailbackMode,
    w("outbound_proxy.1.failback_mode"),
    w("outbound_proxy.2.failback_mode"),
    Type.Number,
    -1,
    3,
    -1,
  );
  pair(
    Key.ProxyFailbackTimeout,
    w("outbound_proxy.1.failback_timeout"),
    w("outbound_proxy.2.failback_timeout"),
    Type.Number,
    -1,
    65535,
    -1,
  );
  pair(
    Key.ProxyRegisterOnEnable,
    w("outbound_proxy.1.register_on_enable"),
    w("outbound_proxy.2.register_on_enable"),
    Type.Number,
    -1,
    1,
    -1,
  );
  pair(
    Key.ProxyOnlyRegistered,
    w("outbound_proxy.1.only_signal_with_registered"),
    w("outbound_proxy.2.only_signal_with_registered"),
    Type.Number,
    -1,
    1,
    -1,
  );
}

function registrationRows(): void {
  row(Key.ProxyFallbackInterval, w("outbound_proxy_fallback_interval"), Type.Number, 0, 65535, 3600);
  flag(Key.RedundancyType, w("fallback.redundancy_type"), 0);
  row(Key.FallbackTimeout, w("fallback.timeout"), Type.Number, 10, 2147483647, 120);
  flag(Key.NaptrBuild, w("naptr_build"), 0);
  row(Key.DnsCacheType, w("dns_cache_type"), Type.Number, 0, 2, 1);
  flag(Key.RegisterEnable, w("register.enable"), 1);
  row(Key.RegFailRetryInterval, w("reg_fail_retry_interval"), Type.Number, 0, 1800, 30);
  row(Key.RegFailedRetryMinTime, w("reg_failed_retry_min_time"), Type.Number, 0, 86400, 0);
  row(Key.RegFailedRetryMaxTime, w("reg_failed_retry_max_time"), Type.Number, 0, 86400, 60);
  flag(Key.UnregisterOnReboot, w("unregister_on_reboot"), 0);
  row(Key.RegisterExpiresOverlap, w("register_expires_overlap"), Type.Number, -1, 2147483647, -1);
  flag(Key.PathEnable, w("path.enable"), 1);
  flag(Key.GruuEnable, w("gruu.enable"), 0);
  flag(Key.InstanceIdEnable, w("instance_id.enable"), 0);
  flag(Key.OutboundEnable, w("outbound.enable"), 0);
  flag(Key.UdpToTcp, w("udp_to_tcp"), 1);
  row(Key.OptionsInterval, w("options_interval"), Type.Number, 0, 86400, 0);
  words(Key.PublicName, w("public_name"), Type.Host);
}

function natRows(): void {
  flag(Key.NatTraversal, w("nat.nat_traversal"), 0);
  words(Key.AccountStunServer, w("nat.stun_server"), Type.Host);
  row(Key.AccountStunPort, w("nat.stun_port"), Type.Number, 1, 65535, 3478);
  row(Key.NatUpdateEnable, w("nat.udp_update_enable"), Type.Number, 0, 3, 1);
  row(Key.NatUpdateTime, w("nat.udp_update_time"), Type.Number, 1, 3600, 30);
  flag(Key.NatRport, w("nat.rport"), 0);
}

function sessionTimerRows(): void {
  flag(Key.SessionTimerEnable, w("session_timer.enable"), 0);
  row(Key.SessionTimerExpires, w("session_timer.expires"), Type.Clamped, 90, 7200, 1800);
  row(Key.SessionTimerRefresher, w("session_timer.refresher"), Type.Role, 0, 1, 0);
  row(Key.SessionTimerMinSe, w("session_timer.min_se"), Type.Number, 90, 7200, 90);
  flag(Key.SessionTimerPeerWithoutTimer, w("session_timer.peer_without_timer"), 1);
  row(Key.SessionTimerRefreshMethod, w("session_timer.refresh_method"), Type.Number, 0, 2, 0);
  flag(Key.SessionTimerUpdateFallback, w("session_timer.update_fallback"), 1);
  row(Key.SessionTimerExpiryGrace, w("session_timer.expiry_grace"), Type.Number, 0, 32, 0);
  flag(Key.SessionTimerNewFromTag, w("session_timer.new_from_tag"), 0);
  flag(Key.SessionTimerAnswerUpdate, w("session_timer.answer_update"), 1);
  flag(Key.SessionTimerAllowUpdate, w("session_timer.allow_update"), 1);
}

function codecRows(): void {
  flag(Key.CodecPcmuEnable, w("codec.pcmu.enable"), 1);
  flag(Key.CodecPcmaEnable, w("codec.pcma.enable"), 1);
  flag(Key.CodecG722Enable, w("codec.g722.enable"), 1);
  flag(Key.CodecG729Enable, w("codec.g729.enable"), 1);
  row(Key.CodecPcmuPriority, w("codec.pcmu.priority"), Type.Number, 0, 255, 2);
  row(Key.CodecPcmaPriority, w("codec.pcma.priority"), Type.Number, 0, 255, 3);
  row(Key.CodecG722Priority, w("codec.g722.priority"), Type.Number, 0, 255, 1);
  row(Key.CodecG729Priority, w("codec.g729.priority"), Type.Number, 0, 255, 4);
  flag(Key.CodecSlotEnable, w("enable"), 1);
  row(Key.CodecSlotPayload, w("payload_type"), Type.CodecName, 0, 0, 0);
  row(Key.CodecSlotPriority, w("priority"), Type.Number, 0, 255, 0);
}
