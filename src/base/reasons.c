/*
 * Threads: any.
 */
#include "base/reasons.h"

#include "base/error.h"
#include "base/json_scan.h"

hutch_status hutch_reasons_check(hutch_text reasons, hutch_error *error) {
    hutch_json_scan scan;
    hutch_status status = HUTCH_OK;
    if (reasons.length > 0) {
        hutch_json_scan_begin(&scan, UINT64_MAX, HUTCH_PROTO_KEYS_KEEP);
        (void)hutch_json_scan_feed(&scan, reasons.data, reasons.length);
        if (hutch_json_scan_end(&scan) != HUTCH_JSON_SOUND) {
            status = hutch_error_set(error, HUTCH_INVALID_ARGUMENT, 0,
                                     "the failure's reasons are not valid JSON");
        }
    }
    return status;
}
