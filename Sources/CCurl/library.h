// The functions of libcurl and of its OpenSSL, found by name.
// SPDX-License-Identifier: MIT
#ifndef CCURL_LIBRARY_H
#define CCURL_LIBRARY_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <stddef.h>

// The macros of curl.h that wrap variadic functions would also wrap the members below.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/// The OpenSSL functions take and return opaque pointers, so its headers are not needed.
typedef int (*ccurl_verify_function)(void *store, void *argument);

typedef struct ccurl_library {
    CURLcode (*global_init)(long flags);
    char *(*version)(void);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    const char *(*easy_strerror)(CURLcode);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *);
    CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMcode (*multi_socket_action)(CURLM *, curl_socket_t, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);

    // NULL, all of them, when libcurl was built with another TLS library.
    void (*SSL_CTX_set_cert_verify_callback)(void *context, ccurl_verify_function, void *argument);
    void *(*X509_STORE_CTX_get0_cert)(void *store);
    void (*X509_STORE_CTX_set_error)(void *store, int error);
    int (*X509_verify_cert)(void *store);
    int (*X509_digest)(const void *certificate, const void *kind, unsigned char *digest, unsigned int *length);
    const void *(*EVP_sha256)(void);
    int has_openssl;
} ccurl_library;

/// The library, opened by the first call. Returns NULL and writes a sentence to `error` when it cannot be.
const ccurl_library *ccurl_library_get(char *error, size_t error_size);

#endif
