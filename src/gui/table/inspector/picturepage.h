#pragma once

#include "gui/table/inspector/picture.h"

#include <QWidget>

class QLabel;

namespace Roost {

class JobRunner;

/// A picture in a bytea, made small enough for the panel; decoded off the GUI thread.
class PicturePage : public QWidget
{
    Q_OBJECT

public:
    PicturePage(JobRunner *jobs, QWidget *parent = nullptr);

    void setBytes(const QByteArray &bytes);
    const Picture &picture() const { return m_picture; }

signals:
    void shown();

private:
    class Canvas;
    JobRunner *m_jobs;
    Canvas *m_canvas;
    QLabel *m_facts;
    Picture m_picture;
    int m_generation = 0;
};

} // namespace Roost
