#include "models/rowsmodelprivate.h"

namespace Roost {

ChangeTarget RowsModel::changeTarget() const
{
    return {d->relation.id, d->columns, d->relation.keyColumns};
}

bool RowsModel::isCommitUnknown() const
{
    return d->unknown.has_value();
}

void RowsModel::apply(QObject *, std::function<void(const Result<ApplyOutcome> &)> done)
{
    done(failure(ErrorCode::Internal, tr("Not yet.")));
}

void RowsModel::resolveConflict(const ChangeConflict &, bool)
{
}

void RowsModel::Private::askWhatBecame()
{
}

} // namespace Roost
