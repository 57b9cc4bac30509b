#include "gui/table/inspector/picturepage.h"

#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/plaintext.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace Roost {

namespace {
constexpr QSize mostShown(1200, 1200);
constexpr int smallestSide = 120;
} // namespace

/// The picture as large as there is room, never larger than it is.
class PicturePage::Canvas : public QWidget
{
public:
    using QWidget::QWidget;

    void set(const QImage &image)
    {
        m_image = image;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Colors &colors = Theme::instance().colors();
        QPainter painter(this);
        painter.setPen(colors.line);
        painter.setBrush(colors.base);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
        if (m_image.isNull()) {
            return;
        }
        const QSize room = size() - QSize(2 * Spacing::unit, 2 * Spacing::unit);
        const bool fits = m_image.width() <= room.width() && m_image.height() <= room.height();
        QRect target(QPoint(), fits ? m_image.size() : m_image.size().scaled(room, Qt::KeepAspectRatio));
        target.moveCenter(rect().center());
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(target, m_image);
    }

private:
    QImage m_image;
};

PicturePage::PicturePage(JobRunner *jobs, QWidget *parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_canvas(new Canvas(this))
    , m_facts(roleLabel(QString(), "small", this))
{
    setObjectName(QStringLiteral("inspectorPicturePage"));
    m_canvas->setObjectName(QStringLiteral("inspectorPicture"));
    m_canvas->setMinimumSize(smallestSide, smallestSide);
    m_facts->setObjectName(QStringLiteral("inspectorPictureFacts"));
    m_facts->setWordWrap(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit / 2);
    layout->addWidget(m_canvas, 1);
    layout->addWidget(m_facts);
}

void PicturePage::setBytes(const QByteArray &bytes)
{
    const int generation = ++m_generation;
    m_picture = {};
    m_canvas->set({});
    m_facts->setText(tr("Reading…"));
    m_jobs->runQuietly<Picture>([bytes](JobContext &) -> Result<Picture> { return readPicture(bytes, mostShown); },
                                this,
                                [this, generation, size = bytes.size()](const Result<Picture> &picture) {
                                    if (generation != m_generation || !picture) {
                                        return;
                                    }
                                    m_picture = *picture;
                                    m_canvas->set(m_picture.image);
                                    const QString facts = m_picture.size.isValid() ? tr("%1 · %2 × %3 pixels · %4")
                                                                                         .arg(m_picture.format)
                                                                                         .arg(m_picture.size.width())
                                                                                         .arg(m_picture.size.height())
                                                                                         .arg(sizeText(size))
                                                                                   : m_picture.format;
                                    m_facts->setText(m_picture.problem.isEmpty() ? facts : m_picture.problem);
                                    m_canvas->setAccessibleName(facts);
                                    emit shown();
                                });
}

} // namespace Roost
