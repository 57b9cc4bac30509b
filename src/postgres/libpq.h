#pragma once

// libpq-fe.h for Roost's own code: the same functions, loaded from the shared library when the first is needed. libpq
// brings TLS, Kerberos and LDAP with it; linked at start they cost a third of the time to the first window.

#include <libpq-fe.h>

#define ROOST_LIBPQ_FUNCTIONS(X)                                                                                       \
    X(PQbackendPID)                                                                                                    \
    X(PQclear)                                                                                                         \
    X(PQcmdStatus)                                                                                                     \
    X(PQcmdTuples)                                                                                                     \
    X(PQconnectPoll)                                                                                                   \
    X(PQconnectStartParams)                                                                                            \
    X(PQconsumeInput)                                                                                                  \
    X(PQenterPipelineMode)                                                                                             \
    X(PQerrorMessage)                                                                                                  \
    X(PQexitPipelineMode)                                                                                              \
    X(PQfinish)                                                                                                        \
    X(PQflush)                                                                                                         \
    X(PQfmod)                                                                                                          \
    X(PQfname)                                                                                                         \
    X(PQfreemem)                                                                                                       \
    X(PQftype)                                                                                                         \
    X(PQgetCopyData)                                                                                                   \
    X(PQgetResult)                                                                                                     \
    X(PQgetisnull)                                                                                                     \
    X(PQgetlength)                                                                                                     \
    X(PQgetvalue)                                                                                                      \
    X(PQisBusy)                                                                                                        \
    X(PQlibVersion)                                                                                                    \
    X(PQnfields)                                                                                                       \
    X(PQntuples)                                                                                                       \
    X(PQparameterStatus)                                                                                               \
    X(PQpipelineSync)                                                                                                  \
    X(PQputCopyData)                                                                                                   \
    X(PQputCopyEnd)                                                                                                    \
    X(PQresultErrorField)                                                                                              \
    X(PQresultStatus)                                                                                                  \
    X(PQsendPrepare)                                                                                                   \
    X(PQsendQueryParams)                                                                                               \
    X(PQsendQueryPrepared)                                                                                             \
    X(PQserverVersion)                                                                                                 \
    X(PQsetErrorVerbosity)                                                                                             \
    X(PQsetNoticeReceiver)                                                                                             \
    X(PQsetSingleRowMode)                                                                                              \
    X(PQsetnonblocking)                                                                                                \
    X(PQsocket)                                                                                                        \
    X(PQsslAttribute)                                                                                                  \
    X(PQstatus)                                                                                                        \
    X(PQtransactionStatus)

namespace Roost {

/// The functions of libpq that Roost calls.
struct LibPq
{
#define ROOST_LIBPQ_MEMBER(name) decltype(&::name) name = nullptr; // NOLINT(bugprone-macro-parentheses)
    ROOST_LIBPQ_FUNCTIONS(ROOST_LIBPQ_MEMBER)
#undef ROOST_LIBPQ_MEMBER
    bool isLoaded = false; ///< false when the library is missing or lacks a function: nothing may be called then
};

/// Loads the library with the first call. Thread-safe.
const LibPq &libPq();

} // namespace Roost

#ifndef ROOST_LIBPQ_TABLE_ONLY
// So that the code reads as any libpq code does.
#define PQbackendPID Roost::libPq().PQbackendPID
#define PQclear Roost::libPq().PQclear
#define PQcmdStatus Roost::libPq().PQcmdStatus
#define PQcmdTuples Roost::libPq().PQcmdTuples
#define PQconnectPoll Roost::libPq().PQconnectPoll
#define PQconnectStartParams Roost::libPq().PQconnectStartParams
#define PQconsumeInput Roost::libPq().PQconsumeInput
#define PQenterPipelineMode Roost::libPq().PQenterPipelineMode
#define PQerrorMessage Roost::libPq().PQerrorMessage
#define PQexitPipelineMode Roost::libPq().PQexitPipelineMode
#define PQfinish Roost::libPq().PQfinish
#define PQflush Roost::libPq().PQflush
#define PQfmod Roost::libPq().PQfmod
#define PQfname Roost::libPq().PQfname
#define PQfreemem Roost::libPq().PQfreemem
#define PQftype Roost::libPq().PQftype
#define PQgetCopyData Roost::libPq().PQgetCopyData
#define PQgetResult Roost::libPq().PQgetResult
#define PQgetisnull Roost::libPq().PQgetisnull
#define PQgetlength Roost::libPq().PQgetlength
#define PQgetvalue Roost::libPq().PQgetvalue
#define PQisBusy Roost::libPq().PQisBusy
#define PQlibVersion Roost::libPq().PQlibVersion
#define PQnfields Roost::libPq().PQnfields
#define PQntuples Roost::libPq().PQntuples
#define PQparameterStatus Roost::libPq().PQparameterStatus
#define PQpipelineSync Roost::libPq().PQpipelineSync
#define PQputCopyData Roost::libPq().PQputCopyData
#define PQputCopyEnd Roost::libPq().PQputCopyEnd
#define PQresultErrorField Roost::libPq().PQresultErrorField
#define PQresultStatus Roost::libPq().PQresultStatus
#define PQsendPrepare Roost::libPq().PQsendPrepare
#define PQsendQueryParams Roost::libPq().PQsendQueryParams
#define PQsendQueryPrepared Roost::libPq().PQsendQueryPrepared
#define PQserverVersion Roost::libPq().PQserverVersion
#define PQsetErrorVerbosity Roost::libPq().PQsetErrorVerbosity
#define PQsetNoticeReceiver Roost::libPq().PQsetNoticeReceiver
#define PQsetSingleRowMode Roost::libPq().PQsetSingleRowMode
#define PQsetnonblocking Roost::libPq().PQsetnonblocking
#define PQsocket Roost::libPq().PQsocket
#define PQsslAttribute Roost::libPq().PQsslAttribute
#define PQstatus Roost::libPq().PQstatus
#define PQtransactionStatus Roost::libPq().PQtransactionStatus
#endif
