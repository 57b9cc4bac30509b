// Excel workbooks, by libxlsxwriter in its constant-memory mode.
#include "operations/rowwriter.h"

#include <QCoreApplication>
#include <QDate>
#include <QDir>
#include <QFile>

#include <xlsxwriter.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(XlsxExport)
};

constexpr unsigned dateOid = 1082;
constexpr unsigned numericOid = 1700;

/// True when a number of Excel's (a double, 15 digits shown) is the very same value.
bool fitsExcel(QByteArrayView text)
{
    int digits = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            ++digits;
        } else if (c != '-' && c != '.') {
            return false; // NaN, Infinity, an exponent
        }
    }
    constexpr int mostDigits = 15;
    return digits > 0 && digits <= mostDigits;
}

class XlsxWriter : public RowWriter
{
public:
    XlsxWriter(const WrittenTable &table, const QString &path)
        : m_table(table)
    {
        QByteArray folder = QFile::encodeName(QDir::tempPath());
        lxw_workbook_options options = {};
        options.constant_memory = LXW_TRUE;
        options.use_zip64 = LXW_TRUE;
        options.tmpdir = folder.data();
        m_book = workbook_new_opt(QFile::encodeName(path).constData(), &options);
        m_sheet = workbook_add_worksheet(m_book, nullptr);
        m_bold = workbook_add_format(m_book);
        format_set_bold(m_bold);
        m_date = workbook_add_format(m_book);
        format_set_num_format(m_date, "yyyy-mm-dd");
    }
    ~XlsxWriter() override
    {
        if (m_book) {
            workbook_close(m_book);
        }
    }
    Q_DISABLE_COPY_MOVE(XlsxWriter)

    void begin(QByteArray & /*out*/) override
    {
        if (!m_table.hasHeader) {
            return;
        }
        lxw_col_t column = 0;
        for (const WrittenColumn &each : std::as_const(m_table.columns)) {
            worksheet_write_string(m_sheet, 0, column++, each.name.toUtf8().constData(), m_bold);
        }
        worksheet_freeze_panes(m_sheet, 1, 0);
        m_row = 1;
    }
    Result<void> row(const std::vector<CopyTextLine::Cell> &cells, QByteArray & /*out*/) override
    {
        if (m_row >= LXW_ROW_MAX) {
            return failure(ErrorCode::InvalidInput,
                           Text::tr("A sheet of Excel holds 1,048,576 rows, and there are more. Nothing was exported. "
                                    "Choose CSV, or filter the rows."));
        }
        for (size_t i = 0; i < cells.size(); ++i) {
            const lxw_error problem = cells[i].isNull ? LXW_NO_ERROR : cell(cells[i].text, lxw_col_t(i));
            if (problem == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) {
                return failure(ErrorCode::InvalidInput,
                               Text::tr("Row %1 has a text in \"%2\" that is longer than the 32,767 characters which a "
                                        "cell of Excel holds. Nothing was exported. Choose CSV, or leave this column "
                                        "out.")
                                   .arg(m_row + (m_table.hasHeader ? 0 : 1))
                                   .arg(m_table.columns.at(qsizetype(i)).name));
            }
            if (problem != LXW_NO_ERROR) {
                return failure(ErrorCode::FileFailed, Text::tr("The workbook could not be written."),
                               QString::fromUtf8(lxw_strerror(problem)));
            }
        }
        ++m_row;
        return {};
    }
    Result<void> end(QByteArray & /*out*/) override
    {
        const lxw_error problem = workbook_close(std::exchange(m_book, nullptr));
        if (problem != LXW_NO_ERROR) {
            return failure(ErrorCode::FileFailed,
                           Text::tr("The workbook could not be written. Is there room on the disk, and in the folder "
                                    "for temporary files?"),
                           QString::fromUtf8(lxw_strerror(problem)));
        }
        return {};
    }

private:
    lxw_error cell(QByteArrayView text, lxw_col_t column)
    {
        const unsigned type = m_table.columns.at(column).typeOid;
        const JsonForm form = jsonFormOf(type);
        if (form == JsonForm::Boolean) {
            return worksheet_write_boolean(m_sheet, m_row, column, text == QByteArrayView("t"), nullptr);
        }
        const bool isNumber = form == JsonForm::SmallInteger || form == JsonForm::BigInteger ||
                              form == JsonForm::Float || type == numericOid;
        if (isNumber && fitsExcel(text)) {
            return worksheet_write_number(m_sheet, m_row, column, text.toByteArray().toDouble(), nullptr);
        }
        if (type == dateOid) {
            // Before March 1900 Excel counts a day that never was.
            const QDate date = QDate::fromString(QString::fromLatin1(text), Qt::ISODate);
            if (date >= QDate(1900, 3, 1) && date.year() <= 9999) {
                lxw_datetime day = {};
                day.year = date.year();
                day.month = date.month();
                day.day = date.day();
                return worksheet_write_datetime(m_sheet, m_row, column, &day, m_date);
            }
        }
        return worksheet_write_string(m_sheet, m_row, column, text.toByteArray().constData(), nullptr);
    }

    WrittenTable m_table;
    lxw_workbook *m_book = nullptr;
    lxw_worksheet *m_sheet = nullptr;
    lxw_format *m_bold = nullptr;
    lxw_format *m_date = nullptr;
    lxw_row_t m_row = 0;
};

} // namespace

std::unique_ptr<RowWriter> makeXlsxWriter(const WrittenTable &table, const QString &path)
{
    return std::make_unique<XlsxWriter>(table, path);
}

} // namespace Roost
