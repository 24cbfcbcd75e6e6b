// What a client consists of; private to the files of this folder.
// SPDX-License-Identifier: MIT
#ifndef CCURL_CLIENT_H
#define CCURL_CLIENT_H

#include "ccurl.h"
#include "library.h"

struct ccurl_client {
    const ccurl_library *curl;
    CURLM *multi;
    ccurl_options options;   // string members point to the copies below
    char *user_agent;
    char *ca_file;
    unsigned char pin[32];
    unsigned char presented[32];
    int has_presented;
    ccurl_transfer *idle[2];   // by is_write
    ccurl_transfer *made;      // every transfer, for the end
};

/// Sets what all transfers of a client have in common. Returns 0, or -1 when libcurl cannot do it.
int ccurl_configure(ccurl_transfer *transfer);

/// Sets how certificates are checked. Returns 0, or -1 when libcurl cannot do it.
int ccurl_configure_tls(ccurl_transfer *transfer);

#endif
