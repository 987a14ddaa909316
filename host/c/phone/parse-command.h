// `ringlet parse`: each file is one datagram, judged as by an idle phone that owns every address.
//
//     FILE: accept, a request
//     FILE: 400, REASON (octet 123)
//     {"file":"FILE","verdict":"400","reason":"...","offset":123}

#ifndef RINGLET_PHONE_PARSE_COMMAND_H
#define RINGLET_PHONE_PARSE_COMMAND_H

#include <stdbool.h>

// Answers the exit code: 0 if every file was read.
int parse_files(char** files, int count, bool is_json, const char* with);

#endif
