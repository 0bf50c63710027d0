#!/bin/sh
# Makes the certificates of these cases anew, with OpenSSL 3.0 or newer. The
# keys are thrown away. The cases name certificates by the first digits of
# their SHA-256 fingerprints, which must be put into them afterwards:
#     openssl x509 -in FILE -noout -subject -fingerprint -sha256
set -eu
cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"

cat > ca.cnf <<'END'
[ca]
default_ca = issuer
[issuer]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
policy = any
# Names are written in this order.
[any]
organizationName = optional
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[leaf]
basicConstraints = CA:FALSE
[bare]
keyUsage = keyCertSign
[constrained]
basicConstraints = critical, CA:TRUE, pathlen:0
nameConstraints = critical, permitted;DNS:example.com
[client]
basicConstraints = critical, CA:TRUE
extendedKeyUsage = clientAuth
END
: > index

key() {
    name=$1
    shift
    openssl genpkey "$@" -out "$name.key" 2> /dev/null
}

ec() {
    key "$1" -algorithm EC -pkeyopt "ec_paramgen_curve:${2:-P-256}"
}

# sign NAME SUBJECT KEY START END EXTENSIONS DIGEST WORDS...: a certificate
# for a key. EXTENSIONS is a section above, or none for version 1; the words
# say who signs.
sign() {
    name=$1 subject=$2 key=$3 start=$4 end=$5 extensions=$6 digest=$7
    shift 7
    [ "$extensions" = none ] || set -- "$@" -extensions "$extensions"
    openssl req -new -key "$key.key" -subj "$subject" -out request
    openssl ca -batch -notext -config ca.cnf -in request -startdate "$start" -enddate "$end" \
        -md "$digest" "$@" -out "$here/$name.pem" 2> log || { cat log; exit 1; }
}

# make NAME SUBJECT START END EXTENSIONS [DIGEST [KEY]]: a self-signed one.
make() {
    sign "$1" "$2" "${7:-$1}" "$3" "$4" "$5" "${6:-sha256}" -selfsign -keyfile "${7:-$1}.key"
}

# issue NAME SUBJECT DIGEST ISSUER: an authority by another's key.
issue() {
    sign "$1" "$2" "$1" 20200101000000Z 20400101000000Z authority "$3" \
        -cert "$here/$4.pem" -keyfile "$4.key"
}

ec root
ec second
make root "/O=Example/CN=Example Root" 20200101000000Z 20400101000000Z authority
make reissued "/O=Example/CN=Example Root" 20220101000000Z 20450101000000Z authority sha256 root
make second "/O=Example/CN=Second Root" 20200101000000Z 20400101000000Z authority
make shared-key "/O=Example/CN=Third Root" 20200101000000Z 20400101000000Z authority sha256 second
ec namesake
make namesake "/O=Example/CN=Second Root" 20210101000000Z 20410101000000Z authority
ec expired
make expired "/O=Example/CN=Expired Root" 20100101000000Z 20200101000000Z authority
ec soon
make soon "/O=Example/CN=Ending Root" 20160101000000Z 20260215000000Z authority
ec future
make future "/O=Example/CN=Future Root" 20260601000000Z 20400101000000Z authority
ec leaf
make leaf "/CN=localhost" 20200101000000Z 20400101000000Z leaf
ec bare
make bare "/O=Example/CN=Bare Root" 20200101000000Z 20400101000000Z bare
ec constrained
make constrained "/O=Example/CN=Constrained Root" 20200101000000Z 20400101000000Z constrained
ec client
make client "/O=Example/CN=Client Root" 20200101000000Z 20400101000000Z client
ec version-1
make version-1 "/O=Example/CN=Old Root" 20200101000000Z 20400101000000Z none
ec p224 P-224
make p224 "/O=Example/CN=Short Curve Root" 20200101000000Z 20400101000000Z authority
key explicit -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit
make explicit "/O=Example/CN=Explicit Root" 20200101000000Z 20400101000000Z authority
key ed25519 -algorithm ED25519
make ed25519 "/O=Example/CN=Edwards Root" 20200101000000Z 20400101000000Z authority default
key rsa1024 -algorithm RSA -pkeyopt rsa_keygen_bits:1024
make rsa1024 "/O=Example/CN=Short Root" 20200101000000Z 20400101000000Z authority
key rsa2048 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
key sha1 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
make md5 "/O=Example/CN=MD5 Root" 20200101000000Z 20400101000000Z authority md5 rsa2048
make sha1 "/O=Example/CN=SHA-1 Root" 20200101000000Z 20400101000000Z authority sha1
openssl dsaparam -out dsa.param 1024 2> /dev/null
openssl gendsa -out dsa.key dsa.param 2> /dev/null
make dsa "/O=Example/CN=DSA Root" 20200101000000Z 20400101000000Z authority

# By another's key: a cross-signed authority, one that bears its issuer's own
# name, and one whose RSA exponent is 1, which no tool makes a key of.
ec cross-sha1
issue cross-sha1 "/O=Example/CN=Cross" sha1 root
key wrong-sha1 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
issue wrong-sha1 "/O=Example/CN=SHA-1 Root" sha1 sha1
modulus=$(openssl rsa -in rsa2048.key -noout -modulus)
cat > exponent.cnf <<END
asn1 = SEQUENCE:info
[info]
algorithm = SEQUENCE:algorithm
key = BITWRAP,SEQUENCE:key
[algorithm]
oid = OID:rsaEncryption
parameters = NULL
[key]
n = INTEGER:0x${modulus#Modulus=}
e = INTEGER:1
END
openssl asn1parse -genconf exponent.cnf -noout -out exponent.der
openssl base64 -in exponent.der | sed '1i -----BEGIN PUBLIC KEY-----
$a -----END PUBLIC KEY-----' > exponent.pub
openssl req -new -key second.key -subj "/O=Example/CN=Exponent Root" -out request
openssl x509 -req -in request -CA "$here/root.pem" -CAkey root.key -sha256 -days 5000 \
    -set_serial 7 -extfile ca.cnf -extensions authority -force_pubkey exponent.pub \
    -out "$here/exponent-1.pem" 2> log || { cat log; exit 1; }

# A serial number that no authority should give.
ec negative
openssl req -new -key negative.key -subj "/O=Example/CN=Negative Root" -out request
openssl x509 -req -in request -signkey negative.key -sha256 -days 5000 -set_serial -5 \
    -extfile ca.cnf -extensions authority -out "$here/negative.pem" 2> log || { cat log; exit 1; }

# Files of several, and damaged ones. isrg-root-x1.pem is the real one: rules
# know it by Mozilla's list.
cd "$here"
cat root.pem second.pem > both.pem
cat root.pem second.pem root.pem > twice.pem
sed 's/$/\r/' both.pem > crlf.pem
{ printf 'Roots of Example\n\n# Example Root\n'; cat root.pem; printf 'subject=CN = Second Root\n'; cat second.pem; } > text.pem
{ printf '%s' "$(cat root.pem)"; cat second.pem expired.pem; } > merged.pem
{ cat root.pem; head -n 4 second.pem; } > cut.pem
openssl x509 -in root.pem -outform der -out der.crt
{
    cat root.pem
    printf -- '-----BEGIN PRIVATE KEY-----\ncmVkYWN0ZWQ=\n-----END PRIVATE KEY-----\n'
} > with-key.pem
{
    printf '[p11-kit-object-v1]\nlabel: "ISRG Root X1"\ntrusted: true\nnss-mozilla-ca-policy: true\n'
    printf 'nss-server-distrust-after: "250701000000Z"\n'
    cat isrg-root-x1.pem
} > distrusted.p11-kit
