/* SPDX-License-Identifier: Apache-2.0 */
/* Every limit that outside input can meet, with its unit and its reason.  A loop over outside data names one of these. */
#ifndef SALVE_LIMITS_H
#define SALVE_LIMITS_H

/* format */
#define JSON_DEPTH_MAX 64                 /* FHIR nests about 12 deep; an attacker nests a million */
#define JSON_BYTES_MAX (64 * 1024 * 1024) /* one document in memory; larger files are .ndjson, line by line */

/* http */
#define HTTP_HEADER_BYTES_MAX       (32 * 1024) /* request line and headers together */
#define HTTP_HEADER_SECONDS_MAX     10          /* a slow header is an attack or a dead phone */
#define HTTP_BODY_SECONDS_MAX       120         /* 6 MB over a 0.5 Mbit/s line, and some */
#define HTTP_BODY_BYTES_PER_MS      62          /* 0.5 Mbit/s: so much longer may a body of announced length take */
#define HTTP_IDLE_SECONDS_MAX       30          /* keep-alive without a request */
#define HTTP_CONNECTIONS_MAX        4096
#define HTTP_CONNECTIONS_PER_IP     512                 /* a clinic sits behind one address */
#define HTTP_PARAMETERS_MAX         200                 /* query or form fields of one request */
#define HTTP_QUEUE_MAX              1024                /* requests waiting for a worker; beyond: 503 */
#define HTTP_STREAMS_MAX            16                  /* answers being streamed at one time */
#define HTTP_EVENTS_MAX             1024                /* open server-sent event streams */
#define HTTP_FORM_BYTES_MAX         (128 * 1024)        /* a form without files */
#define HTTP_BODIES_BYTES_MAX       (256 * 1024 * 1024) /* bodies of all requests together; beyond: 503 */
#define HTTP_HEADERS_MAX            100                 /* header lines; browsers send about 20 */
#define HTTP_PATH_SEGMENTS_MAX      16                  /* the deepest pattern has about 6 */
#define HTTP_QUEUE_SECONDS_MAX      10                  /* waited longer for a worker: the client has left */
#define HTTP_STREAM_BYTES_MAX       (256 * 1024)        /* of one streamed answer, waiting for the client */
#define HTTP_STALL_SECONDS_MAX      30                  /* a stream's client reads nothing */
#define HTTP_EVENTS_BYTES_MAX       (32 * 1024)         /* of one event stream, waiting for the client */
#define HTTP_EVENT_TOPICS_MAX       32                  /* of one event stream */
#define HTTP_EVENTS_PING_SECONDS    15                  /* proxies cut silent connections after 60 */
#define HTTP_EVENTS_RECHECK_SECONDS 30                  /* a signed-out session's stream ends within */
#define HTTP_RATE_ENTRIES           16384               /* callers remembered by the rate limit, 24 bytes each */
#define HTTP_RATE_CODES_PER_HOUR    30   /* codes one account may try: a code typed by hand takes a few */
#define HTTP_GZIP_BYTES_MIN         2048 /* smaller answers cost more CPU than they save */
#define FHIR_BODY_BYTES_MAX         (16 * 1024 * 1024)

/* database */
#define DB_ROWS_MAX        100000 /* rows one db_all may gather; larger reads use db_each */
#define DB_BIND_MAX        32     /* values one statement takes */
#define DB_COLUMNS_MAX     32     /* columns one statement gives */
#define DB_BATCH_ACTS_MAX  128    /* acts committed by one fsync: bounds the wait of the first */
#define DB_WRITE_QUEUE_MAX 4096   /* writes waiting; beyond: ERR_BUSY */
#define DB_RETRIES_MAX     12     /* of one act after serialization failures */

/* identity */
#define PASSWORD_CHARS_MIN           8 /* NIST 800-63B-4 3.1.1.2: as one of two factors; 15 when alone */
#define PASSWORD_CHARS_MIN_ALONE     15
#define PASSWORD_CHARS_MAX           256
#define LOGIN_NAME_CHARS_MAX         254
#define SESSION_IDLE_MINUTES_STAFF   15 /* security-reliability S4 */
#define SESSION_IDLE_MINUTES_PATIENT 30
#define SESSION_HOURS_STAFF          12
#define SESSION_HOURS_PATIENT        24

/* messaging (My HealtheVet's figures) */
#define MESSAGE_SUBJECT_CHARS_MAX 50
#define MESSAGE_BODY_CHARS_MAX    20000

/* pages */
#define PAGE_ROWS_MAX         100 /* rows of one list page */
#define SEARCH_TEXT_CHARS_MAX 200
#define FHIR_COUNT_DEFAULT    50 /* resources of one search page */
#define FHIR_COUNT_MAX        1000

#endif
