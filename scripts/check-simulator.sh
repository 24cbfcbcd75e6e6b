#!/bin/bash
# Talks to a built pve-sim with curl and compares what comes back over the wire.
# SPDX-License-Identifier: MIT
#
# usage: scripts/check-simulator.sh [path of pve-sim]
set -u
program=${1:-.build/debug/pve-sim}
work=$(mktemp -d)
failures=0
pid=

stop() {
    [ -n "$pid" ] && kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    pid=
}
trap 'stop; rm -rf "$work"' EXIT

start() {
    stop
    rm -f "$work/out"
    "$program" --control --log "$work/log" "$@" >"$work/out" 2>"$work/err" &
    pid=$!
    until grep -q '^$' "$work/out" 2>/dev/null; do
        kill -0 "$pid" 2>/dev/null || { cat "$work/err"; exit 1; }
        sleep 0.01
    done
    url=$(sed -n 's/^PVE_BASE_URL=//p' "$work/out")
    secret=$(sed -n 's/^PVE_TOKEN_SECRET=//p' "$work/out")
    ca=$(sed -n 's/^PVE_CA_FILE=//p' "$work/out")
    fingerprint=$(sed -n 's/^PVE_FINGERPRINT=//p' "$work/out")
    auth="Authorization: PVEAPIToken=root@pam!demo=$secret"
}

# ask PATH [curl options]: the status line, the header fields and the body, without carriage returns
ask() {
    local path=$1
    shift
    curl -sS -i -m 10 ${ca:+--cacert "$ca"} -H "$auth" "$@" "$url$path" 2>&1 | tr -d '\r'
}

expect() {
    local name=$1 pattern=$2 got=$3
    if grep -qE -- "$pattern" <<<"$got"; then
        echo "ok      $name"
    else
        failures=$((failures + 1))
        printf 'NOT OK  %s\n  wanted: %s\n  got: %s\n' "$name" "$pattern" "${got:0:600}"
    fi
}

start --offline pve2
api=/api2/json
expect "the certificate is trusted by its authority" '^HTTP/1.1 200 OK$' "$(ask $api/version)"
expect "the fingerprint is the certificate's" "^$fingerprint\$" \
    "$(openssl s_client -connect "${url#https://}" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256 | sed 's/.*=//')"
expect "no credentials" '^HTTP/1.1 401 No ticket$' "$(auth=X: ask $api/version)"
expect "a 401 has no body" '^0$' "$(curl -s --cacert "$ca" -o /dev/null -w '%{size_download}' "$url$api/version")"
expect "unknown paths" "^HTTP/1.1 501 Method 'GET /nope' not implemented\$" "$(ask $api/nope)"
expect "errors close the connection" '^Connection: close$' "$(ask $api/nope)"
expect "PATCH" "^HTTP/1.1 501 method 'PATCH' not available\$" "$(ask $api/version -X PATCH)"
expect "DELETE with a body" "^HTTP/1.1 501 Unexpected content for method 'DELETE'\$" "$(ask $api/version -X DELETE -d a=1)"
expect "chunked bodies" '^HTTP/1.1 501 chunked transfer encoding not supported$' \
    "$(ask $api/nodes/pve1/qemu -H 'Transfer-Encoding: chunked' -d a=1)"
expect "other content types" "^HTTP/1.1 506 upload 'Content-Type 'text/xml' not implemented\$" \
    "$(ask $api/nodes/pve1/qemu -H 'Content-Type: text/xml' -d a=1)"
head -c 600000 /dev/zero | tr '\0' a >"$work/large"
expect "large bodies" '^HTTP/1.1 501 for data too large$' "$(ask $api/nodes/pve1/qemu --data-binary "@$work/large" -H Expect:)"
expect "a node that is away" '^HTTP/1.1 595 No route to host$' "$(ask $api/nodes/pve2/status)"
expect "a node that is not there" "^HTTP/1.1 500 hostname lookup 'nope' failed - " "$(ask $api/nodes/nope/status)"
expect "wrong parameters" '"vmid":"property is missing and it is not optional"' "$(ask $api/nodes/pve1/qemu -d cores=2)"
expect "plain HTTP goes to https, GET" '^HTTP/1.1 301 ' "$(url=${url/https/http} ask $api/version)"
expect "plain HTTP goes to https, POST" '^HTTP/1.1 308 ' "$(url=${url/https/http} ask $api/version -d a=1)"

ticket=$(auth=X: ask $api/access/ticket -d username=root@pam -d password=pve-sim | tail -1)
cookie="Cookie: PVEAuthCookie=$(sed 's/.*"ticket":"\([^"]*\)".*/\1/' <<<"$ticket")"
csrf="CSRFPreventionToken: $(sed 's/.*"CSRFPreventionToken":"\([^"]*\)".*/\1/' <<<"$ticket")"
expect "a ticket reads" '^HTTP/1.1 200 OK$' "$(auth=X: ask $api/version -H "$cookie")"
expect "a ticket alone does not write" '^HTTP/1.1 401 Permission denied - invalid csrf token$' \
    "$(auth=X: ask $api/nodes/pve1/qemu -H "$cookie" -d vmid=x)"
expect "with its token it does" '^HTTP/1.1 400 ' "$(auth=X: ask $api/nodes/pve1/qemu -H "$cookie" -H "$csrf" -d vmid=x)"

expect "100 answers a connection" '^2$' \
    "$(curl -s --cacert "$ca" -H "$auth" -o /dev/null -w '%{num_connects}\n' "$url$api/version?_dc=[1-101]" | awk '{n += $1} END {print n}')"

fault() { curl -sS --cacert "$ca" -X DELETE "$url/sim/faults" >/dev/null; curl -sS --cacert "$ca" -d "$1" "$url/sim/faults" >/dev/null; }
fault 'GET /version=500:oops'
expect "a chosen error" '^HTTP/1.1 500 oops$' "$(ask $api/version)"
fault 'GET /version=html'
expect "a proxy's page" '^Content-Type: text/html$' "$(ask $api/version)"
fault 'GET /version=half'
expect "half a body" 'curl: \((18|56)\)' "$(ask $api/version)"
fault 'GET /version=silence'
expect "silence" 'curl: \(28\)' "$(ask $api/version -m 1)"
fault 'GET /version=drop#1'
expect "a dropped answer" 'curl: \((52|56)\)' "$(ask $api/version)"
expect "once" '^HTTP/1.1 200 OK$' "$(ask $api/version)"
fault 'GET /version=drop-idle'
expect "an idle connection that ends" '^2$' \
    "$(curl -s --cacert "$ca" -H "$auth" -o /dev/null -w '%{num_connects}\n' "$url$api/version?_dc=[1-2]" | awk '{n += $1} END {print n}')"

fault 'GET /none=500'
ask $api/access/users -d userid=jo@pve -d password=s3cret-word >/dev/null
login=$(auth=X: ask $api/access/ticket -d username=jo@pve -d password=s3cret-word | tail -1)
expect "a user that was made logs in" '"username":"jo@pve"' "$login"
ask $api/nodes/pve1/network -d iface=vmbr9 -d type=bridge >/dev/null
expect "changes that wait stand beside the data" '"changes":"--- /etc/network/interfaces' "$(ask $api/nodes/pve1/network)"
curl -sS --cacert "$ca" -d 'pve3 offline' "$url/sim/nodes" >/dev/null
expect "no quorum, no writes" '^HTTP/1.1 500 cluster not ready - no quorum\?$' "$(ask $api/pools -d poolid=dev)"

expect "the log has templates" '"template":"/nodes/\{node\}/status"' "$(cat "$work/log")"
expect "the log has no secrets" '^0$' "$(grep -cE "$secret|pve-sim|s3cret-word" "$work/log")"

directory=$(dirname "$ca")
kill "$pid"
wait "$pid"
expect "SIGTERM ends it cleanly" '^0 gone$' "$? $([ -e "$directory" ] && echo there || echo gone)"
pid=

start --http
expect "plain HTTP" '^HTTP/1.1 200 OK$' "$(ask $api/version)"
expect "header fields of 8 KiB get no answer" 'curl: \((28|52|56)\)' \
    "$(ask $api/version -m 7 -H "X: $(head -c 5000 "$work/large")" -H "Y: $(head -c 5000 "$work/large")")"
expect "the end of input ends it" '^0$' "$("$program" --until-eof </dev/null >/dev/null 2>&1; echo $?)"
expect "wrong options" "^2 pve-sim: unknown option '--prot'; see pve-sim --help\$" "$(t=$("$program" --prot 2>&1); echo "$? $t")"
timeout 20 bash -c "$program --http > $work/child & sleep 0.3; echo \$! > $work/child.pid"
sleep 0.2
state=$(sed 's/.*) //' "/proc/$(cat "$work/child.pid")/stat" 2>/dev/null)
expect "it ends with its parent" '^(Z.*)?$' "$state"

[ "$failures" = 0 ] && echo "all is well" || { echo "$failures checks failed"; exit 1; }
