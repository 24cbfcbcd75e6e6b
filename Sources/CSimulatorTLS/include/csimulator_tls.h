// TLS for the simulator over OpenSSL: a throw-away certificate, and blocking reads and writes on accepted sockets.
// SPDX-License-Identifier: MIT
#ifndef CSIMULATOR_TLS_H
#define CSIMULATOR_TLS_H

#include <stddef.h>
#include <sys/types.h>

enum {
    /// "AA:BB:...:FF" for SHA-256, with the closing zero byte.
    SIM_FINGERPRINT_SIZE = 96,
    SIM_ERROR_SIZE = 256,
};

struct sim_tls;
struct sim_tls_connection;

/// Writes `pve-root-ca.pem`, `pve-ssl.pem` and `pve-ssl.key` (mode 0600) into `directory`: a new EC authority and a
/// certificate it signed for localhost and 127.0.0.1, valid for 30 days. `fingerprint` gets the certificate's SHA-256
/// in upper-case hex with colons. Returns 0, or -1 with a sentence in `error`.
int sim_tls_write_certificate(const char *directory, char fingerprint[SIM_FINGERPRINT_SIZE], char error[SIM_ERROR_SIZE]);

/// Opens a server context for the files above. Never freed: it lives as long as the process. NULL with `error` filled.
struct sim_tls *sim_tls_open(const char *directory, char error[SIM_ERROR_SIZE]);

/// Does the handshake on an accepted blocking socket. NULL when the peer did not manage it; the socket stays open.
struct sim_tls_connection *sim_tls_accept(struct sim_tls *tls, int socket);

/// At least one byte, 0 at the end of the stream or after an error, -1 when the socket's receive timeout ran out.
ssize_t sim_tls_read(struct sim_tls_connection *connection, void *buffer, size_t count);

/// Writes everything: 0, or -1 when the peer is gone.
int sim_tls_write(struct sim_tls_connection *connection, const void *bytes, size_t count);

/// Frees the connection, after a close_notify when `politely`. The socket stays open.
void sim_tls_close(struct sim_tls_connection *connection, int politely);

#endif
