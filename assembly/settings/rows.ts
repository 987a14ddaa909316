// The one table of names, ranges and defaults of the settings.

import { byteAt, EMPTY, indexOf, isDigit, lower, size, slice, Slice, start, w } from "../bytes/slice";
import { reserve } from "../bytes/arena";
import { putByte } from "../output/output";
import { Codec } from "../sdp/codec";
import { FIRST_ACCOUNT_KEY, Key, SLOTS, TEXT_BYTES } from "./keys";

/** What a value looks like; the number is the letter in the table. */
export const enum Type {
  /** n: least..most; `0 or 1` is such a number too. */
  Number = 0x6e,
  /** c: the same, but a number outside is moved to the nearer end. */
  Clamped = 0x63,
  /** s: decimal seconds, kept in ms. */
  Seconds = 0x73,
  /** z: 0 or a number of the range. */
  ZeroOr = 0x7a,
  /** y: 0 or a number of the range; one below is moved to its least. */
  ZeroOrClamped = 0x79,
  /** t: a number of the range that ends in 0. */
  Tens = 0x74,
  /** r: 0 or 1, uac or uas. */
  Role = 0x72,
  /** C: a status code; `least` is the set of permitted ones (value.ts). */
  Code = 0x43,
  /** k: a codec of the old list. */
  CodecName = 0x6b,
  /** x: printable text. */
  Text = 0x78,
  /** h: a host name or address. */
  Host = 0x68,
}


@unmanaged
export class Row {
  /** With `#` for the number of a server; lower case. */
  name: Slice;
  key: Key;
  type: Type;
  least: i32;
  most: i32;
  preset: i32;
  /** Where the store has a text, counted from the first one of the phone, or of the account. */
  place: i32;
  /** What `#` stands for. */
  digit: u8;
}

/** What the longest texts of the phone, and those of an account, take. */
export let phoneTextBytes: i32 = 0;
export let accountTextBytes: i32 = 0;

// A row for every key, one for each of the three families of slots, then the other spellings.
const FAMILIES: i32 = <i32>Key.CodecSlotEnable;
const FIRST_ALIAS: i32 = FAMILIES + 3;
const ROWS: i32 = FIRST_ALIAS + 8;

/**
 * A line for each key, in the order of Key, and one for each of the three families of slots:
 * name, blank, the letter of its type, least, most and default. 0 or 1 has only its default; a text is
 * blank by default, and may give its longest instead. A name with `#` is two keys, of server 1 and of server 2; one with `^` begins like
 * the one before, up to its last dot.
 */
function table(): Slice {
  return w(`sip.timer_t1 s500,10000,500
^timer_t2 s2000,40000,4000
^timer_t4 s2500,60000,5000
^trust_ctrl 0
^listen_port z1024,65535,5060
features.direct_ip_call_enable 1
^dnd_mode 0
^dnd.enable 0
^allow 1
features.normal_refuse_code C31,0,486
^dnd_refuse_code C23,0,480
call_waiting.enable 1
network.port.min_rtpport n1,65535,11780
^max_rtpport n1,65535,12780
phone_setting.ringing_timeout n0,3600,180
^ringback_timeout n0,3600,180
transfer.semi_attend_tran_enable 1
^tran_others_after_conf_enable 0
ringlet.capacity.calls n1,1000,16
^dialogs n1,10000,64
^subscriptions n0,10000,32
^transactions n16,100000,256
sip.tls_listen_port z1024,65535,5061
^listen_mode n0,2,0
^reg_surge_prevention n0,60,0
network.qos.signaltos n0,63,26
sip.nat_stun.enable 0
^port n1,65535,3478
network.static_nat.enable 0
security.trust_certificates 1
^cn_validation 0
features.no_answer_code C31,0,480
^anonymous_response_code n400,699,433
^fwd_mode 0
^fwd.allow 1
features.fwd_diversion_enable 1
forward.international.enable 1
features.forward.emergency.enable 0
features.dnd.emergency_enable 0
forward.always.enable 0
forward.busy.enable 0
forward.no_answer.enable 0
^timeout n0,20,2
features.auto_answer_delay n0,4,0
^ip_call.auto_answer.enable 0
features.intercom.allow 1
^mute 0
^barge 0
sip.notify_reboot_enable n0,2,1
features.blf_pickup_only_send_code 0
^blf_list_version 0
^csta_control.enable 0
features.dtmf.duration n40,5000,160
sip.rfc2543_hold 0
^use_23_as_pound 1
ringlet.bind.address h
ringlet.media.address h
sip.nat_stun.server h
network.static_nat.addr h
ringlet.instance_id x
features.pickup.direct_pickup_code x0,32
^group_pickup_code x0,32
features.call_park.park_code x0,32
^park_retrieve_code x0,32
ringlet.tls.certificate x
^key x
^trusted x
forward.always.target x
forward.busy.target x
forward.no_answer.target x
features.forward.emergency.authorized_number x0,511
features.dnd.emergency_authorized_number x0,511
features.dnd.on_code x0,32
^off_code x0,32
forward.always.on_code x0,32
^off_code x0,32
forward.busy.on_code x0,32
^off_code x0,32
forward.no_answer.on_code x0,32
^off_code x0,32
sip.cid_source.preference x0,511
ringlet.emergency.numbers x0,511
advanced.timer_t1 s500,10000,500
^timer_t2 s2000,40000,4000
^timer_t4 s2500,60000,5000
sip_trust_ctrl 0
sip_listen_port z1024,65535,5060
enable 0
sip_server.#.port n0,65535,5060
^expires n30,2147483647,3600
^transport_type n0,3,0
^retry_counts n0,20,3
^invite_retry_counts n1,10,3
^failback_mode n0,3,0
^failback_timeout y60,65535,3600
^register_on_enable n0,1,0
^only_signal_with_registered n0,1,0
outbound_proxy_enable 0
outbound_proxy.#.port n0,65535,5060
^retry_counts n-1,20,-1
^invite_retry_counts n-1,10,-1
^failback_mode n-1,3,-1
^failback_timeout n-1,65535,-1
^register_on_enable n-1,1,-1
^only_signal_with_registered n-1,1,-1
outbound_proxy_fallback_interval n0,65535,3600
fallback.redundancy_type 0
^timeout n10,2147483647,120
naptr_build 0
dns_cache_type n0,2,1
register.enable 1
reg_fail_retry_interval n0,1800,30
reg_failed_retry_min_time n0,86400,0
reg_failed_retry_max_time n0,86400,60
unregister_on_reboot 0
register_expires_overlap n-1,2147483647,-1
path.enable 1
gruu.enable 0
instance_id.enable 0
outbound.enable 0
udp_to_tcp 1
options_interval n0,86400,0
nat.nat_traversal 0
^stun_port n1,65535,3478
^udp_update_enable n0,3,1
^udp_update_time n1,3600,30
^rport 0
session_timer.enable 0
^expires c90,7200,1800
^refresher r0,1,0
^min_se n90,7200,90
^peer_without_timer 1
^refresh_method n0,2,0
^update_fallback 1
^expiry_grace n0,32,0
^new_from_tag 0
^answer_update 1
^allow_update 1
follow_redirect 1
refer.enable 1
replaces.enable 1
refer_sub.enable 1
end_call_when_transferred.enable 1
transfer_refer_to_contact_header.enable 0
conf_type n0,2,0
100rel_enable n0,2,0
hold_use_inactive 0
dtmf.dtmf_payload n96,127,101
^type n0,3,1
^info_type n1,2,1
srtp_encryption n0,2,0
ptime t0,60,20
auto_answer 0
dnd.enable 0
enable_user_equal_phone 0
always_fwd.enable 0
busy_fwd.enable 0
timeout_fwd.enable 0
^timeout n0,20,2
cid_source n0,6,0
cid_source_privacy 1
cid_source_ppi 0
cp_source n0,3,1
anonymous_call 0
anonymous_call.server_base_only 0
reject_anonymous_call 0
auto_answer_mute_enable 0
subscribe_mwi 0
subscribe_mwi_to_vm 0
subscribe_mwi_expires n0,84600,3600
subscribe_register 0
blf.subscribe_period n30,2147483647,1800
out_dialog_blf_enable 0
dialoginfo_callpickup 0
subscribe_expires_overlap n-1,2147483647,-1
sub_fail_retry_interval n5,3600,30
codec.pcmu.enable 1
codec.pcma.enable 1
codec.g722.enable 1
codec.g729.enable 1
codec.ilbc.enable 0
codec.opus.enable 0
codec.pcmu.priority n0,255,2
codec.pcma.priority n0,255,3
codec.g722.priority n0,255,1
codec.g729.priority n0,255,4
codec.ilbc.priority n0,255,0
codec.opus.priority n0,255,0
label x
display_name x
user_name x
auth_name x
password x
sip_server.#.address h
outbound_proxy.#.address h
nat.stun_server h
public_name h
always_fwd.target x
busy_fwd.target x
timeout_fwd.target x
dnd.on_code x0,32
^off_code x0,32
always_fwd.on_code x0,32
^off_code x0,32
busy_fwd.on_code x0,32
^off_code x0,32
timeout_fwd.on_code x0,32
^off_code x0,32
alert_info x
voice_mail.number x
blf.blf_list_uri x
blf_list_code x0,32
direct_pickup_code x0,32
group_pickup_code x0,32
blf_list_retrieve_call_parked_code x0,32
conf_uri x
enable 1
payload_type k
priority n0,255,0
`);
}

let rows: usize = 0;
/** Where the table is read, then the next alias. */
let at: usize = 0;
let other: i32 = 0;

export function isTextual(row: Row): bool {
  return row.type == Type.Text || row.type == Type.Host;
}

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
    case 6:
      return Codec.Ilbc;
    case 11:
      return Codec.Opus;
    default:
      return Codec.TelephoneEvent;
  }
}

/** The row with that name, in any case, among the phone's keys or among an account's; null for none. */
export function findRow(name: Slice, ofAccount: bool): Row | null {
  for (let i = 0; i < ROWS; i++) {
    const row = rowAt(i);
    if (<i32>row.key >= FIRST_ACCOUNT_KEY != ofAccount || <i32>row.key >= FAMILIES) continue;
    if (isNamed(row, name)) return row;
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

export function openRows(): void {
  rows = reserve(<usize>ROWS * offsetof<Row>());
  at = start(table());
  phoneTextBytes = 0;
  accountTextBytes = 0;
  for (let i = 0; i < FIRST_ALIAS; i++) {
    const row = rowAt(i);
    readRow(row, i);
    givePlace(row);
    if (indexOf(row.name, 0x23) < 0) continue;
    const second = copyRow(row, ++i);
    second.key = <Key>i;
    second.digit++;
    givePlace(second);
  }
  other = FIRST_ALIAS;
  alias(Key.SipServerAddress, w("sip_server_host"));
  alias(Key.SipServerPort, w("sip_server_port"));
  alias(Key.OutboundProxyAddress, w("outbound_host"));
  alias(Key.OutboundProxyPort, w("outbound_port"));
  alias(Key.OutboundProxyAddress2, w("backup_outbound_host"));
  alias(Key.OutboundProxyPort2, w("backup_outbound_port"));
  alias(Key.ServerExpires, w("expires"));
  alias(Key.ServerTransport, w("transport"));
}

function readRow(row: Row, index: i32): void {
  row.name = readName(index > 0 ? rowAt(index - 1).name : EMPTY);
  row.key = <Key>index;
  row.digit = 0x31;
  if (isDigit(load<u8>(at))) {
    row.type = Type.Number;
    row.most = 1;
  } else {
    row.type = <Type>load<u8>(at++);
    row.least = readNumber();
    row.most = readNumber();
  }
  row.preset = readNumber();
  if (isTextual(row) && !row.most) row.most = TEXT_BYTES;
  at++;
}

function givePlace(row: Row): void {
  if (!isTextual(row)) return;
  if (<i32>row.key < FIRST_ACCOUNT_KEY) {
    row.place = phoneTextBytes;
    phoneTextBytes += row.most;
  } else {
    row.place = accountTextBytes;
    accountTextBytes += row.most;
  }
}

function readName(before: Slice): Slice {
  let shared = 0;
  if (load<u8>(at) == 0x5e) {
    at++;
    shared = size(before);
    while (byteAt(before, shared - 1) != 0x2e) shared--;
  }
  const from = at;
  while (load<u8>(at) != 32) at++;
  const own = <i32>(at++ - from);
  const name = reserve(shared + own);
  memory.copy(name, start(before), shared);
  memory.copy(name + shared, from, own);
  return slice(name, shared + own);
}

/** A number and the comma behind it; 0 where the line ends. */
function readNumber(): i32 {
  const isNegative = load<u8>(at) == 0x2d;
  if (isNegative) at++;
  let n = 0;
  while (isDigit(load<u8>(at))) n = n * 10 + (load<u8>(at++) - 48);
  if (load<u8>(at) == 0x2c) at++;
  return isNegative ? -n : n;
}

/** Another spelling of a key: the name of older firmware. */
function alias(key: Key, name: Slice): void {
  copyRow(rowOf(key), other++).name = name;
}

function copyRow(row: Row, to: i32): Row {
  memory.copy(changetype<usize>(rowAt(to)), changetype<usize>(row), offsetof<Row>());
  return rowAt(to);
}

function isNamed(row: Row, name: Slice): bool {
  if (size(name) != size(row.name)) return false;
  for (let i = 0; i < size(name); i++) {
    if (lower(byteAt(name, i)) != letterAt(row, i)) return false;
  }
  return true;
}

function letterAt(row: Row, index: i32): u8 {
  const letter = byteAt(row.name, index);
  return letter == 0x23 ? row.digit : letter;
}

/** Writes the name of a row, without the account. */
export function putRowName(row: Row): void {
  for (let i = 0; i < size(row.name); i++) putByte(letterAt(row, i));
}
