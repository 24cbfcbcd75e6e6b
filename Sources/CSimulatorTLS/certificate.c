// A certificate authority and a server certificate that nobody keeps.
// SPDX-License-Identifier: MIT
#include "csimulator_tls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (extension == NULL) return 0;
    int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

static int set_serial(X509 *certificate) {
    unsigned char bytes[8];
    if (RAND_bytes(bytes, sizeof bytes) != 1) return 0;
    unsigned long long serial = 0;
    memcpy(&serial, bytes, sizeof bytes);
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
}

static X509 *new_certificate(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key) {
    X509 *certificate = X509_new();
    if (certificate == NULL) return NULL;
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509 *signer = issuer == NULL ? certificate : issuer;
    int good = X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
               X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
               X509_gmtime_adj(X509_getm_notAfter(certificate), 30L * 24 * 3600) != NULL &&
               X509_set_pubkey(certificate, key) &&
               X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC, (const unsigned char *)"PVE simulator", -1, -1, 0) &&
               X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0) &&
               X509_set_issuer_name(certificate, X509_get_subject_name(signer)) &&
               add_extension(certificate, signer, NID_subject_key_identifier, "hash");
    if (good && issuer == NULL) {
        good = add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE") &&
               add_extension(certificate, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else if (good) {
        good = add_extension(certificate, signer, NID_authority_key_identifier, "keyid:always") &&
               add_extension(certificate, signer, NID_basic_constraints, "critical,CA:FALSE") &&
               add_extension(certificate, signer, NID_key_usage, "critical,digitalSignature") &&
               add_extension(certificate, signer, NID_ext_key_usage, "serverAuth") &&
               add_extension(certificate, signer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    }
    if (!good || X509_sign(certificate, issuer_key, EVP_sha256()) == 0) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

static int write_file(const char *directory, const char *name, mode_t mode, X509 *certificate, EVP_PKEY *key,
                      char error[SIM_ERROR_SIZE]) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    // A file of an earlier run may have been left with another mode.
    unlink(path);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    FILE *stream = file < 0 ? NULL : fdopen(file, "w");
    if (stream == NULL) {
        snprintf(error, SIM_ERROR_SIZE, "cannot write %s: %s", path, strerror(errno));
        if (file >= 0) close(file);
        return 0;
    }
    int good = certificate != NULL ? PEM_write_X509(stream, certificate)
                                   : PEM_write_PrivateKey(stream, key, NULL, NULL, 0, NULL, NULL);
    if (fclose(stream) != 0 || !good) {
        snprintf(error, SIM_ERROR_SIZE, "cannot write %s", path);
        return 0;
    }
    return 1;
}

static int show_fingerprint(X509 *certificate, char fingerprint[SIM_FINGERPRINT_SIZE]) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int count = 0;
    if (!X509_digest(certificate, EVP_sha256(), digest, &count) || count != 32) return 0;
    for (unsigned int index = 0; index < count; index++) {
        snprintf(fingerprint + index * 3, 4, index + 1 < count ? "%02X:" : "%02X", digest[index]);
    }
    return 1;
}

int sim_tls_write_certificate(const char *directory, char fingerprint[SIM_FINGERPRINT_SIZE], char error[SIM_ERROR_SIZE]) {
    snprintf(error, SIM_ERROR_SIZE, "cannot make a certificate");
    EVP_PKEY *authority_key = EVP_EC_gen("P-256");
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *authority = NULL, *certificate = NULL;
    int good = 0;
    if (authority_key != NULL && key != NULL) {
        authority = new_certificate("PVE simulator authority", authority_key, NULL, authority_key);
    }
    if (authority != NULL) certificate = new_certificate("localhost", key, authority, authority_key);
    if (certificate != NULL) {
        good = show_fingerprint(certificate, fingerprint) &&
               write_file(directory, "pve-root-ca.pem", 0644, authority, NULL, error) &&
               write_file(directory, "pve-ssl.pem", 0644, certificate, NULL, error) &&
               write_file(directory, "pve-ssl.key", 0600, NULL, key, error);
    }
    X509_free(authority);
    X509_free(certificate);
    EVP_PKEY_free(authority_key);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return good ? 0 : -1;
}
