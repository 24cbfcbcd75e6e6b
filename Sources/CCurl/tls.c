// Certificates: the system's authorities, a file, one pinned leaf, or none.
// SPDX-License-Identifier: MIT
#include "client.h"

#include <string.h>

enum { X509_OK = 0, X509_APPLICATION_VERIFICATION = 50 };

/// Runs inside the handshake, before anything of a request is sent. Notes the leaf's digest, so that a failure can say
/// what the server showed, and decides: by the pin alone when there is one, as OpenSSL would otherwise.
static int verify(void *store, void *argument) {
    ccurl_client *client = argument;
    const ccurl_library *curl = client->curl;
    unsigned int length = 0;
    void *leaf = curl->X509_STORE_CTX_get0_cert(store);
    client->has_presented = leaf && curl->X509_digest(leaf, curl->EVP_sha256(), client->presented, &length) == 1 &&
                            length == sizeof client->presented;
    if (!client->options.pin) return curl->X509_verify_cert(store);
    int matches = client->has_presented && memcmp(client->presented, client->pin, sizeof client->pin) == 0;
    curl->X509_STORE_CTX_set_error(store, matches ? X509_OK : X509_APPLICATION_VERIFICATION);
    return matches;
}

static CURLcode install(CURL *easy, void *context, void *argument) {
    (void)easy;
    ccurl_client *client = argument;
    // A new handshake: what an earlier one showed is no longer news.
    client->has_presented = 0;
    // The client lives longer than each of its connections, so it may be the callback's argument.
    client->curl->SSL_CTX_set_cert_verify_callback(context, verify, client);
    return CURLE_OK;
}

int ccurl_configure_tls(ccurl_transfer *transfer) {
    ccurl_client *client = transfer->client;
    const ccurl_library *curl = client->curl;
    CURL *easy = transfer->easy;
    int pinned = client->options.pin != NULL;
    int checks = pinned || client->options.verify;
    CURLcode failed = CURLE_OK;
    // With a pin verification stays on, so that the callback's answer counts; the name is not compared, as the pin
    // replaces everything a certificate says about itself.
    failed |= curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, checks ? 1L : 0L);
    failed |= curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, checks && !pinned ? 2L : 0L);
    if (pinned || !checks) {
        // No authority is needed: spare reading the system's bundle.
        curl->easy_setopt(easy, CURLOPT_CAINFO, NULL);
        curl->easy_setopt(easy, CURLOPT_CAPATH, NULL);
    } else if (client->options.ca_file) {
        failed |= curl->easy_setopt(easy, CURLOPT_CAINFO, client->options.ca_file);
        curl->easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (checks && curl->has_openssl) {
        CURLcode set = curl->easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, install);
        curl->easy_setopt(easy, CURLOPT_SSL_CTX_DATA, client);
        if (pinned) failed |= set;
    }
    return failed == CURLE_OK ? 0 : -1;
}
