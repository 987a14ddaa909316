// One line of standard input: what it says, and the command to the phone that it becomes.
//
//     call URI [ACCOUNT] | answer [CALL] | reject [CALL] [STATUS] | hangup [CALL] | hold [CALL] | resume [CALL]
//     register [ACCOUNT] | unregister [ACCOUNT]
//     transfer URI [CALL] (comes later) | set KEY = VALUE | get KEY | calls

#ifndef RINGLET_PHONE_COMMANDS_H
#define RINGLET_PHONE_COMMANDS_H

// Obeys one line, which it may cut up. What can't be obeyed is one line on standard error.
void obey(char* line);

#endif
