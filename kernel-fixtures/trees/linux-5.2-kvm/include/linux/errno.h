/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H

#define EINTR		4
#define EIO		5
#define ENOMEM		12
#define EEXIST		17
#define EINVAL		22
#define ERANGE		34
#define EOPNOTSUPP	95

#endif
