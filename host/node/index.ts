// The Node host as a library: what a program imports.

export { EventKind, Status } from "./abi.js";
export { Phone, StartError, type ConfigFile, type PhoneOptions, type Traced } from "./phone.js";
export { compileModule, MODULE_FILE, RingletModule, UnfitModule } from "./module.js";
export { type Address, type Event, type Fields, statusText } from "./records.js";
