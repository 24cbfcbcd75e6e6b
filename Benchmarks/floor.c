// How fast libcurl alone gets the same answer: one handle, one connection kept alive, one request at a time.
//
//   floor URL CA-FILE COUNT
//
// Prints one JSON object: microseconds at the median and the 99th percentile, and the size of the answer.
// SPDX-License-Identifier: MIT
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WARM_UP = 100 };

static size_t swallow(char *bytes, size_t size, size_t count, void *total) {
    (void)bytes;
    *(size_t *)total += size * count;
    return size * count;
}

static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int main(int count, char **words) {
    int repeats = count == 4 ? atoi(words[3]) : 0;
    if (repeats < 1) {
        fprintf(stderr, "usage: floor URL CA-FILE COUNT\n");
        return 2;
    }
    double *times = malloc(sizeof(double) * (size_t)repeats);
    CURL *handle = curl_easy_init();
    if (!times || !handle) return 1;
    struct curl_slist *headers =
        curl_slist_append(NULL, "Authorization: PVEAPIToken=root@pam!floor=00000000-0000-0000-0000-000000000000");
    size_t received = 0;
    curl_easy_setopt(handle, CURLOPT_URL, words[1]);
    curl_easy_setopt(handle, CURLOPT_CAINFO, words[2]);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &received);
    curl_easy_setopt(handle, CURLOPT_FAILONERROR, 1L);
    int warm_up = repeats < WARM_UP ? 2 : WARM_UP;
    for (int i = -warm_up; i < repeats; i++) {
        received = 0;
        double before = microseconds();
        CURLcode result = curl_easy_perform(handle);
        double after = microseconds();
        if (result != CURLE_OK) {
            fprintf(stderr, "floor: %s\n", curl_easy_strerror(result));
            return 1;
        }
        if (i >= 0) times[i] = after - before;
    }
    qsort(times, (size_t)repeats, sizeof(double), ascending);
    printf("{\"p50\": %.1f, \"p99\": %.1f, \"bytes\": %zu, \"libcurl\": \"%s\"}\n", times[repeats / 2],
           times[(int)(repeats * 0.99)], received, curl_version());
    curl_slist_free_all(headers);
    curl_easy_cleanup(handle);
    free(times);
    return 0;
}
