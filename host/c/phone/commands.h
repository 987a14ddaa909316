// One line of standard input: what it says, and the command to the phone that it becomes.
//
//     call URI [ACCOUNT] | answer [CALL] | reject [CALL] [STATUS] | hangup [CALL] | hold [CALL] | resume [CALL]
//     register [ACCOUNT] | unregister [ACCOUNT] | forward URI [ACCOUNT] | forward off [ACCOUNT] | dnd on|off [ACCOUNT]
//     subscribe PACKAGE URI | unsubscribe PACKAGE URI | message URI TEXT
//     transfer URI [CALL] | transfer CALL CALL | conference CALL CALL | dtmf DIGITS [CALL]
//     media ADDRESS PORT [CALL] | set KEY = VALUE | get KEY | calls

#ifndef RINGLET_PHONE_COMMANDS_H
#define RINGLET_PHONE_COMMANDS_H

// Obeys one line, which it may cut up. What can't be obeyed is one line on standard error.
void obey(char* line);

#endif
