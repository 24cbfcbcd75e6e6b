// HTTP(S) through libcurl, which is opened when the first client is made, not when the program starts.
// SPDX-License-Identifier: MIT
//
// A client is used by one thread: the one that owns the event loop behind its callbacks. It holds idle connections and
// pooled transfers; nothing in it blocks except the first opening of the library (some milliseconds).
#ifndef CCURL_H
#define CCURL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ccurl_client ccurl_client;

/// Header lines that several transfers share. They must outlive the transfers that were started with them.
typedef struct ccurl_headers ccurl_headers;

/// What a descriptor is watched for, or was found ready for.
enum {
    CCURL_READ = 1,
    CCURL_WRITE = 2,
    CCURL_FAILED = 4,
};

/// How a transfer ended.
enum {
    CCURL_OK = 0,
    CCURL_NO_SUCH_HOST,      // the name did not resolve
    CCURL_NO_CONNECTION,     // refused, no route, or a proxy failed
    CCURL_CONNECT_TIMEOUT,   // no connection in time; nothing was sent
    CCURL_TLS_FAILED,        // handshake or verification
    CCURL_TIMEOUT,           // connected, but no whole answer in time
    CCURL_LOST,              // the connection ended before any of the answer
    CCURL_PARTIAL,           // the connection ended inside the answer
    CCURL_NOT_HTTP,          // something else than HTTP answered
    CCURL_TOO_LARGE,         // the answer is over the limit
    CCURL_OTHER,
};

/// One exchange. Belongs to its client; everything but `tag` is written by this library and valid from the time the
/// transfer was returned by ccurl_next_done until ccurl_release.
typedef struct ccurl_transfer {
    uint64_t tag;            // the caller's
    int result;              // CCURL_OK ...
    long status;             // 0 when no status line came
    int sent;                // 1 when some of the request may have reached the server
    int reused;              // 1 when it went over a connection that an earlier transfer had opened
    char reason[512];        // the reason phrase, zero-terminated, cut if longer
    char error[256];         // libcurl's sentence, or empty
    unsigned char *body;     // malloc'ed; see ccurl_take_body
    size_t length;
    size_t capacity;

    // Private.
    void *easy;
    ccurl_client *client;
    const ccurl_headers *headers;
    int is_write;
    int fresh;
    int running;
    struct ccurl_transfer *next;
    struct ccurl_transfer *next_made;
} ccurl_transfer;

/// What holds for every transfer of a client. Strings are copied.
typedef struct ccurl_options {
    const char *user_agent;
    const char *ca_file;             // NULL: the system's authorities
    const unsigned char *pin;        // SHA-256 of the only leaf certificate accepted (32 bytes), or NULL
    int verify;                      // 0: any certificate (unless pinned)
    int direct;                      // 1: proxies of the environment are not used
    int compress;                    // 1: ask for gzip
    long connect_timeout;            // milliseconds
    long timeout;                    // milliseconds, for the whole transfer
    long idle_limit;                 // seconds after which an unused connection is not used again
    long kept_connections;           // how many stay open
    size_t body_limit;               // bytes of an answer

    void *context;                   // handed to the callbacks, which run inside the calls below
    /// A connection's socket was made; `closing` will be called for it. Other descriptors close without a word.
    void (*opened)(void *context, int descriptor);
    /// `interest` is CCURL_READ | CCURL_WRITE, or 0: nobody waits for the descriptor now (it stays open).
    void (*watch)(void *context, int descriptor, int interest);
    /// The descriptor is about to be closed.
    void (*closing)(void *context, int descriptor);
    /// Call ccurl_timeout in so many milliseconds; -1: not at all.
    void (*timer)(void *context, long milliseconds);
} ccurl_options;

/// Opens libcurl if it is not open yet, and makes a client. Returns NULL and writes a sentence to `error`.
/// SIGPIPE is set to be ignored if nobody has chosen otherwise: TLS libraries raise it on dead connections.
ccurl_client *ccurl_open(const ccurl_options *options, char *error, size_t error_size);

/// Ends running transfers without reporting them, closes the connections and frees everything.
void ccurl_close(ccurl_client *client);

/// Makes a list of header lines ("Name: value"; "Name:" removes one that libcurl would send). NULL without memory.
ccurl_headers *ccurl_headers_make(const char *const *lines, size_t count);
void ccurl_headers_free(ccurl_headers *headers);

/// Takes a transfer from the pool; `is_write` ones always open a connection of their own, so that they are sent once.
ccurl_transfer *ccurl_acquire(ccurl_client *client, int is_write);

/// Starts a transfer. `method` is a constant string; `body` is copied, NULL means none. `fresh` opens a new
/// connection. Returns 0, or -1 when libcurl did not take it (the transfer is then released by the caller).
int ccurl_start(ccurl_transfer *transfer, const char *url, const char *method, const void *body, size_t length,
                const ccurl_headers *headers, int fresh);

static inline const char *ccurl_reason(const ccurl_transfer *transfer) { return transfer->reason; }
static inline const char *ccurl_error(const ccurl_transfer *transfer) { return transfer->error; }

/// Ends a running transfer; it will not be reported.
void ccurl_stop(ccurl_transfer *transfer);

/// Whether bytes of a running transfer may have reached the server.
int ccurl_was_sent(const ccurl_transfer *transfer);

/// Hands the transfer back to the pool. Frees a body that was not taken.
void ccurl_release(ccurl_transfer *transfer);

/// Makes the body the caller's, to be freed with free(); NULL when there is none.
unsigned char *ccurl_take_body(ccurl_transfer *transfer, size_t *length);

/// A watched descriptor is ready.
void ccurl_ready(ccurl_client *client, int descriptor, int events);

/// The time given to the timer callback has come.
void ccurl_timeout(ccurl_client *client);

/// The next transfer that ended, or NULL. Call it until NULL after each of the calls above.
ccurl_transfer *ccurl_next_done(ccurl_client *client);

/// The SHA-256 of the leaf certificate the server showed last (32 bytes), or NULL when none was seen.
const unsigned char *ccurl_presented(const ccurl_client *client);

/// libcurl's name, version and libraries, such as "libcurl/7.88.1 OpenSSL/3.0.19"; NULL until it is open.
const char *ccurl_version(void);

#ifdef __cplusplus
}
#endif
#endif
