/* A context loses its worker; see detach.h. */
#include "pool/detach.h"

void hutch_context_detach(hutch_context *context) {
    context->last_call = context->worker->session.last_call;
    hutch_lease_discard(&context->pool->leases, context->worker);
    context->worker = NULL;
    hutch_context_set_active(context, false);
    context->is_disposed = true;
}
