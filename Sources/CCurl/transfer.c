// Transfers: pooled easy handles that keep their options between requests.
// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// Takes the status line apart; a later one (after a 1xx or a proxy's answer) replaces what came before.
static size_t on_header(char *line, size_t size, size_t count, void *context) {
    ccurl_transfer *transfer = context;
    size_t length = size * count;
    if (length < 9 || memcmp(line, "HTTP/", 5) != 0) return length;
    char *end = line + length;
    char *at = memchr(line, ' ', length);
    transfer->status = 0;
    transfer->length = 0;
    for (at = at ? at + 1 : end; at < end && *at >= '0' && *at <= '9'; at++) {
        transfer->status = transfer->status * 10 + (*at - '0');
    }
    while (at < end && *at == ' ') at++;
    while (end > at && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' ')) end--;
    size_t kept = (size_t)(end - at);
    if (kept >= sizeof transfer->reason) kept = sizeof transfer->reason - 1;
    memcpy(transfer->reason, at, kept);
    transfer->reason[kept] = 0;
    return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    ccurl_transfer *transfer = context;
    const ccurl_client *client = transfer->client;
    size_t length = size * count;
    size_t needed = transfer->length + length;
    if (needed > client->options.body_limit) {
        transfer->result = CCURL_TOO_LARGE;
        return 0;
    }
    if (needed > transfer->capacity) {
        size_t capacity = transfer->capacity ? transfer->capacity * 2 : 0;
        if (!capacity) {
            // The size is usually known, so the answer is written once and never moved.
            curl_off_t announced = -1;
            client->curl->easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
            capacity = announced > 0 && (size_t)announced <= client->options.body_limit ? (size_t)announced : 16384;
        }
        if (capacity < needed) capacity = needed;
        unsigned char *body = realloc(transfer->body, capacity);
        if (!body) return 0;
        transfer->body = body;
        transfer->capacity = capacity;
    }
    memcpy(transfer->body + transfer->length, bytes, length);
    transfer->length = needed;
    return length;
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    ccurl_client *client = context;
    int descriptor = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (descriptor < 0) return CURL_SOCKET_BAD;
    client->options.opened(client->options.context, descriptor);
    return descriptor;
}

static int on_close(void *context, curl_socket_t descriptor) {
    ccurl_client *client = context;
    client->options.closing(client->options.context, (int)descriptor);
    return close((int)descriptor);
}

int ccurl_configure(ccurl_transfer *transfer) {
    const ccurl_client *client = transfer->client;
    const ccurl_options *options = &client->options;
    const ccurl_library *curl = client->curl;
    CURL *easy = transfer->easy;
    CURLcode failed = CURLE_OK;
    failed |= curl->easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    failed |= curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    failed |= curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    failed |= curl->easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    failed |= curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    failed |= curl->easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    failed |= curl->easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    failed |= curl->easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer->client);
    failed |= curl->easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
    failed |= curl->easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, transfer->client);
    failed |= curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    failed |= curl->easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    failed |= curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    failed |= curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    // libcurl would fold "/x/.." otherwise, and the request would reach another object.
    failed |= curl->easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    if (curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") != CURLE_OK) {
        // Before 7.85: the older option, 1 is http and 2 is https.
        failed |= curl->easy_setopt(easy, (CURLoption)181, 3L);
    }
    failed |= curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, options->connect_timeout);
    failed |= curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, options->timeout);
    failed |= curl->easy_setopt(easy, CURLOPT_MAXAGE_CONN, options->idle_limit);
    if (options->user_agent) failed |= curl->easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent);
    if (options->direct) failed |= curl->easy_setopt(easy, CURLOPT_NOPROXY, "*");
    // Naming an encoding, even "identity", is what makes libcurl decode answers that are compressed unasked.
    failed |= curl->easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, options->compress ? "gzip" : "identity");
    if (transfer->is_write) failed |= curl->easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    transfer->fresh = transfer->is_write;
    return failed == CURLE_OK ? ccurl_configure_tls(transfer) : -1;
}

ccurl_transfer *ccurl_acquire(ccurl_client *client, int is_write) {
    ccurl_transfer *transfer = client->idle[is_write];
    if (transfer) {
        client->idle[is_write] = transfer->next;
        return transfer;
    }
    transfer = calloc(1, sizeof *transfer);
    if (!transfer) return NULL;
    transfer->client = client;
    transfer->is_write = is_write;
    transfer->easy = client->curl->easy_init();
    if (!transfer->easy || ccurl_configure(transfer) != 0) {
        if (transfer->easy) client->curl->easy_cleanup(transfer->easy);
        free(transfer);
        return NULL;
    }
    transfer->next_made = client->made;
    client->made = transfer;
    return transfer;
}

int ccurl_start(ccurl_transfer *transfer, const char *url, const char *method, const void *body, size_t length,
                const ccurl_headers *headers, int fresh) {
    ccurl_client *client = transfer->client;
    const ccurl_library *curl = client->curl;
    CURL *easy = transfer->easy;
    CURLcode failed = curl->easy_setopt(easy, CURLOPT_URL, url);
    if (transfer->is_write) {
        if (body) {
            failed |= curl->easy_setopt(easy, CURLOPT_POST, 1L);
            failed |= curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
            failed |= curl->easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
        } else {
            failed |= curl->easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        }
        failed |= curl->easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    } else if (fresh != transfer->fresh) {
        failed |= curl->easy_setopt(easy, CURLOPT_FRESH_CONNECT, (long)fresh);
        transfer->fresh = fresh;
    }
    if (headers != transfer->headers) {
        failed |= curl->easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        transfer->headers = headers;
    }
    transfer->result = CCURL_OK;
    transfer->status = 0;
    transfer->reason[0] = 0;
    transfer->error[0] = 0;
    if (failed != CURLE_OK || curl->multi_add_handle(client->multi, easy) != CURLM_OK) return -1;
    transfer->running = 1;
    return 0;
}

static int may_have_been_sent(const ccurl_transfer *transfer) {
    const ccurl_library *curl = transfer->client->curl;
    long size = 0;
    curl_off_t prepared = 0;
    curl->easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &size);
    curl->easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &prepared);
    return size > 0 || prepared > 0;
}

static int classify(const ccurl_transfer *transfer, CURLcode code) {
    switch (code) {
    case CURLE_OK: return CCURL_OK;
    case CURLE_COULDNT_RESOLVE_HOST: return CCURL_NO_SUCH_HOST;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY: return CCURL_NO_CONNECTION;
    case CURLE_OPERATION_TIMEDOUT: return transfer->sent ? CCURL_TIMEOUT : CCURL_CONNECT_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return CCURL_TLS_FAILED;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return transfer->status ? CCURL_PARTIAL : CCURL_LOST;
    case CURLE_PARTIAL_FILE: return CCURL_PARTIAL;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_UNSUPPORTED_PROTOCOL: return CCURL_NOT_HTTP;
    case CURLE_WRITE_ERROR: return transfer->result == CCURL_TOO_LARGE ? CCURL_TOO_LARGE : CCURL_OTHER;
    default: return CCURL_OTHER;
    }
}

ccurl_transfer *ccurl_next_done(ccurl_client *client) {
    const ccurl_library *curl = client->curl;
    int left = 0;
    CURLMsg *message;
    while ((message = curl->multi_info_read(client->multi, &left)) && message->msg != CURLMSG_DONE) {}
    if (!message) return NULL;
    // The message is gone once the handle is removed.
    CURLcode code = message->data.result;
    ccurl_transfer *transfer = NULL;
    long opened = 0;
    curl->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
    curl->easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &opened);
    transfer->reused = opened == 0;
    transfer->sent = code == CURLE_OK || may_have_been_sent(transfer);
    transfer->result = classify(transfer, code);
    if (code != CURLE_OK && !transfer->error[0]) {
        strncpy(transfer->error, curl->easy_strerror(code), sizeof transfer->error - 1);
    }
    curl->multi_remove_handle(client->multi, transfer->easy);
    transfer->running = 0;
    return transfer;
}

int ccurl_was_sent(const ccurl_transfer *transfer) {
    return transfer->running && may_have_been_sent(transfer);
}

void ccurl_stop(ccurl_transfer *transfer) {
    if (!transfer->running) return;
    transfer->client->curl->multi_remove_handle(transfer->client->multi, transfer->easy);
    transfer->running = 0;
}

unsigned char *ccurl_take_body(ccurl_transfer *transfer, size_t *length) {
    unsigned char *body = transfer->body;
    *length = transfer->length;
    transfer->body = NULL;
    transfer->length = 0;
    transfer->capacity = 0;
    return body;
}

void ccurl_release(ccurl_transfer *transfer) {
    ccurl_client *client = transfer->client;
    size_t length;
    free(ccurl_take_body(transfer, &length));
    transfer->next = client->idle[transfer->is_write];
    client->idle[transfer->is_write] = transfer;
}

ccurl_headers *ccurl_headers_make(const char *const *lines, size_t count) {
    const ccurl_library *curl = ccurl_library_get((char[1]){0}, 1);
    if (!curl) return NULL;
    struct curl_slist *list = NULL;
    for (size_t index = 0; index < count; index++) {
        struct curl_slist *longer = curl->slist_append(list, lines[index]);
        if (!longer) {
            if (list) curl->slist_free_all(list);
            return NULL;
        }
        list = longer;
    }
    return (ccurl_headers *)list;
}

void ccurl_headers_free(ccurl_headers *headers) {
    const ccurl_library *curl = ccurl_library_get((char[1]){0}, 1);
    if (curl && headers) curl->slist_free_all((struct curl_slist *)headers);
}
