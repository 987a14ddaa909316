// What the other side wants (ECMA-323), and how it is told what came of it.

import { keep } from "../bytes/blocks";
import { lineAt, idOf, wordsOf } from "../bytes/lines";
import { between, decimal, EMPTY, end, equals, isPresent, lower, size, Slice } from "../bytes/slice";
import { start, startsWithIgnoringCase, w } from "../bytes/slice";
import { Status } from "../output/abi-numbers";
import { put, putByte } from "../output/output";
import { Call, callAt, callNumbered, callPlaces } from "../session/call";
import { depth, name, nextTag, openXml, Tag, text } from "../xml/reader";
import { aim, beginDocument, endElement, putForm } from "./document";
import { Link, stopMonitor } from "./link";
import { startMonitor, stageOf } from "./monitor";

/** In the order of the table. */
export const enum Service {
  Unknown = -1,
  RequestSystemStatus = 0,
  SystemRegister,
  GetFeatures,
  MonitorStart,
  MonitorStop,
  SnapshotDevice,
  GetDoNotDisturb,
  SetDoNotDisturb,
  MakeCall,
  AnswerCall,
  ClearConnection,
  HoldCall,
  RetrieveCall,
  DeflectCall,
  SingleStepTransferCall,
  GenerateDigits,
  ConsultationCall,
  AlternateCall,
  TransferCall,
  End,
}

/** The element with what it is about, and the form of the answer. */
function services(): Slice {
  return w(`RequestSystemStatus::systemStatus(normal)
SystemRegister::sysStatRegisterID(1)
GetCSTAFeatures::
MonitorStart::monitorCrossRefID(#)
MonitorStop:monitorCrossRefID:
SnapshotDevice::
GetDoNotDisturb::
SetDoNotDisturb:doNotDisturbOn:
MakeCall:calledDirectoryNumber:callingDevice(&)
AnswerCall::
ClearConnection::
HoldCall::
RetrieveCall::
DeflectCall:newDestination:
SingleStepTransferCall:transferredTo:transferredCall(&)
GenerateDigits:charactersToSend:
ConsultationCall:consultedDevice:initiatedCall(&)
AlternateCall::
TransferCall::transferredCall(&)`);
}

export const MOST_BYTES: i32 = 8192;

/** What readRequest has found. */
export let service: Service = Service.Unknown;
/** As it stands in the document. */
export let argument: Slice = EMPTY;
let number: u32 = 0;
/** Of two calls that of the one that is held. */
let heldNumber: u32 = 0;
let isHeld: bool = false;
let device: Slice = EMPTY;

/** False if it is no XML that we read. */
export function readRequest(link: Link, document: Slice): bool {
  if (size(document) > MOST_BYTES) return false;
  service = Service.Unknown;
  argument = EMPTY;
  device = EMPTY;
  number = 0;
  heldNumber = 0;
  isHeld = false;
  link.edition = editionOf(document);
  openXml(document);
  let tag = nextTag();
  for (; tag > Tag.End; tag = nextTag()) {
    if (tag == Tag.Open) readElement();
  }
  return tag == Tag.End;
}

function readElement(): void {
  if (depth == 1) service = serviceOf();
  else if (equals(name, w("callID"))) readNumber(<u32>max(decimal(text), 0));
  else if (service != Service.Unknown && equals(name, idOf(wordsOf(lineAt(services(), service)))))
    argument = text;
  // Its connection follows.
  if (equals(name, w("heldCall"))) isHeld = true;
  if (!isPresent(device) && isDevice()) device = text;
}

function readNumber(found: u32): void {
  if (isHeld) heldNumber = found;
  else number = found;
  isHeld = false;
}

function serviceOf(): Service {
  for (let i = 0; i < Service.End; i++) {
    if (equals(idOf(lineAt(services(), i)), name)) return i;
  }
  return Service.Unknown;
}

/** The element says whose connection or device is meant: ours. */
function isDevice(): bool {
  for (let i = 0; i < 5; i++) {
    if (equals(lineAt(w("deviceObject\ncallingDevice\ndeviceID\nsnapshotObject\ndevice"), i), name))
      return true;
  }
  return false;
}

/** Whatever prefix the namespace has (RCC-10). */
function editionOf(document: Slice): u8 {
  for (let p = start(document); p + 8 < end(document); p++) {
    if (startsWithIgnoringCase(between(p, end(document)), w("/csta/ed"))) return load<u8>(p + 8);
  }
  return 0x33;
}

/** The call that is meant, or the one that is meant beside it as held: null where none of the account is. */
export function meantCall(account: i32, held: bool = false): Call | null {
  const call = callNumbered(held ? heldNumber : number);
  return call && call.account == account ? call : null;
}

/** The device is ours: the first name that we hear is (RCC-11). */
export function isOurDevice(link: Link): bool {
  if (!isPresent(link.device)) link.device = keep(device);
  return !isPresent(device) || equals(device, link.device);
}

export function monitor(link: Link, account: i32): Status {
  if (service == Service.MonitorStop) {
    if (!link.crossRef || decimal(argument) != link.crossRef) return Status.NoSuchThing;
    stopMonitor(link);
    return Status.Ok;
  }
  if (link.crossRef) return Status.WrongState;
  startMonitor(link, account);
  return Status.Ok;
}

/** `status`: a negative Status is an error; else 1 says that do not disturb is on. */
export function putAnswer(link: Link, account: i32, call: Call | null, status: i32): void {
  aim(link, call, call ? call.number : 0, 0);
  if (status < 0) return putError(status);
  const line = lineAt(services(), service);
  const answer = idOf(line);
  beginDocument(answer, w("Response"));
  if (service == Service.GetFeatures) putFeatures();
  else if (service == Service.SnapshotDevice) putCalls(link, account);
  else if (service == Service.GetDoNotDisturb)
    putForm(status ? w("doNotDisturbOn(true)") : w("doNotDisturbOn(false)"));
  else putForm(wordsOf(wordsOf(line)));
  endElement(answer, w("Response"));
}

function putError(status: i32): void {
  const answer = w("CSTAErrorCode");
  beginDocument(answer, 0);
  putForm(
    lineAt(
      w(
        "operation(invalidConnectionID)\nstateIncompatibility(generic)\noperation(invalidCalledDeviceID)\noperation(generic)\nsystemResourceAvailability(generic)\noperation(serviceNotSupported)\noperation(invalidDeviceID)",
      ),
      -1 - status,
    ),
  );
  endElement(answer, 0);
}

/** An empty element for each service, which begins with a small letter. */
function putFeatures(): void {
  put(w("<supportedServices>"));
  for (let i = 0; i < Service.End; i++) {
    const one = idOf(lineAt(services(), i));
    putByte(0x3c);
    putByte(lower(load<u8>(start(one))));
    put(between(start(one) + 1, end(one)));
    put(w("/>"));
  }
  put(w("</supportedServices>"));
}

function putCalls(link: Link, account: i32): void {
  put(w("<crossRefIDorSnapshotData><snapshotData>"));
  for (let place = 0; place < callPlaces(); place++) {
    const call = callAt(place);
    if (!call || call.account != account) continue;
    aim(link, call, call.number, stageOf(call));
    putForm(
      w(
        "snapshotDeviceResponseInfo(connectionIdentifier(&)localCallState(compoundCallState(localConnectionState(?))))",
      ),
    );
  }
  put(w("</snapshotData></crossRefIDorSnapshotData>"));
}
