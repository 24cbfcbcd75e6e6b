// A client: libcurl's multi handle driven by somebody else's event loop.
// SPDX-License-Identifier: MIT
#include "client.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int on_socket(CURL *easy, curl_socket_t descriptor, int what, void *context, void *per_socket) {
    (void)easy;
    (void)per_socket;
    ccurl_client *client = context;
    int interest = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) interest |= CCURL_READ;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) interest |= CCURL_WRITE;
    client->options.watch(client->options.context, (int)descriptor, interest);
    return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *context) {
    (void)multi;
    ccurl_client *client = context;
    client->options.timer(client->options.context, milliseconds);
    return 0;
}

static void ignore_sigpipe(void) {
    struct sigaction action;
    if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL) signal(SIGPIPE, SIG_IGN);
}

ccurl_client *ccurl_open(const ccurl_options *options, char *error, size_t error_size) {
    const ccurl_library *curl = ccurl_library_get(error, error_size);
    if (!curl) return NULL;
    if (options->pin && !curl->has_openssl) {
        snprintf(error, error_size, "a certificate fingerprint can only be checked with OpenSSL, this is %s",
                 curl->version());
        return NULL;
    }
    ignore_sigpipe();
    ccurl_client *client = calloc(1, sizeof *client);
    if (!client) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    client->curl = curl;
    client->options = *options;
    client->options.user_agent = client->user_agent = options->user_agent ? strdup(options->user_agent) : NULL;
    client->options.ca_file = client->ca_file = options->ca_file ? strdup(options->ca_file) : NULL;
    if (options->pin) {
        memcpy(client->pin, options->pin, sizeof client->pin);
        client->options.pin = client->pin;
    }
    client->multi = curl->multi_init();
    if (!client->multi) {
        snprintf(error, error_size, "libcurl made no multi handle");
        ccurl_close(client);
        return NULL;
    }
    curl->multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl->multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
    curl->multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl->multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
    curl->multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, options->kept_connections);
    return client;
}

void ccurl_close(ccurl_client *client) {
    const ccurl_library *curl = client->curl;
    for (ccurl_transfer *transfer = client->made; transfer; transfer = transfer->next_made) {
        if (transfer->running) curl->multi_remove_handle(client->multi, transfer->easy);
    }
    // Closes the connections, which still call back into the client.
    if (client->multi) curl->multi_cleanup(client->multi);
    while (client->made) {
        ccurl_transfer *transfer = client->made;
        client->made = transfer->next_made;
        curl->easy_cleanup(transfer->easy);
        free(transfer->body);
        free(transfer);
    }
    free(client->user_agent);
    free(client->ca_file);
    free(client);
}

void ccurl_ready(ccurl_client *client, int descriptor, int events) {
    int mask = 0, running = 0;
    if (events & CCURL_READ) mask |= CURL_CSELECT_IN;
    if (events & CCURL_WRITE) mask |= CURL_CSELECT_OUT;
    if (events & CCURL_FAILED) mask |= CURL_CSELECT_ERR;
    client->curl->multi_socket_action(client->multi, descriptor, mask, &running);
}

void ccurl_timeout(ccurl_client *client) {
    int running = 0;
    client->curl->multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

const unsigned char *ccurl_presented(const ccurl_client *client) {
    return client->has_presented ? client->presented : NULL;
}
