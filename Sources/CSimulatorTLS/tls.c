// Blocking TLS server connections. One thread uses a connection at a time.
// SPDX-License-Identifier: MIT
#include "csimulator_tls.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>

static SSL_CTX *context_of(struct sim_tls *tls) { return (SSL_CTX *)(void *)tls; }
static SSL *ssl_of(struct sim_tls_connection *connection) { return (SSL *)(void *)connection; }

struct sim_tls *sim_tls_open(const char *directory, char error[SIM_ERROR_SIZE]) {
    char certificate[PATH_MAX], key[PATH_MAX];
    snprintf(certificate, sizeof certificate, "%s/pve-ssl.pem", directory);
    snprintf(key, sizeof key, "%s/pve-ssl.key", directory);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL || SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
        snprintf(error, SIM_ERROR_SIZE, "cannot use the certificate in %s: %s", directory,
                 ERR_reason_error_string(ERR_get_error()));
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"pve-sim", 7);
    return (struct sim_tls *)(void *)context;
}

struct sim_tls_connection *sim_tls_accept(struct sim_tls *tls, int socket) {
    SSL *ssl = SSL_new(context_of(tls));
    if (ssl == NULL) return NULL;
    if (SSL_set_fd(ssl, socket) != 1 || SSL_accept(ssl) != 1) {
        SSL_free(ssl);
        ERR_clear_error();
        return NULL;
    }
    return (struct sim_tls_connection *)(void *)ssl;
}

ssize_t sim_tls_read(struct sim_tls_connection *connection, void *buffer, size_t count) {
    ERR_clear_error();
    int limited = count > INT_MAX ? INT_MAX : (int)count;
    int got = SSL_read(ssl_of(connection), buffer, limited);
    if (got > 0) return got;
    // A blocking socket only reports "want" when its receive timeout ran out.
    return SSL_get_error(ssl_of(connection), got) == SSL_ERROR_WANT_READ ? -1 : 0;
}

int sim_tls_write(struct sim_tls_connection *connection, const void *bytes, size_t count) {
    const unsigned char *next = bytes;
    while (count > 0) {
        ERR_clear_error();
        int limited = count > INT_MAX ? INT_MAX : (int)count;
        int sent = SSL_write(ssl_of(connection), next, limited);
        if (sent <= 0) return -1;
        next += sent;
        count -= (size_t)sent;
    }
    return 0;
}

void sim_tls_close(struct sim_tls_connection *connection, int politely) {
    ERR_clear_error();
    if (politely) SSL_shutdown(ssl_of(connection));
    SSL_free(ssl_of(connection));
    ERR_clear_error();
}
