/* SPDX-License-Identifier: Apache-2.0 */
/* The installation's key in a file: 64 hex digits, readable by its owner alone. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/crypto/crypto.h"

#define HEX_CHARS (VAULT_KEY_BYTES * 2)

static fallible
make_key_file(struct arena *arena, const char *path)
{
	unsigned char key[VAULT_KEY_BYTES];
	char line[HEX_CHARS + 2];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool written;

	if (fd < 0)
		return err_said(
		    arena, ERR_INVALID, "The installation key %s cannot be made: %s.", path, strerror(errno));
	random_bytes(key, sizeof(key));
	sodium_bin2hex(line, HEX_CHARS + 1, key, sizeof(key));
	line[HEX_CHARS] = '\n';
	written = write(fd, line, HEX_CHARS + 1) == HEX_CHARS + 1 && fsync(fd) == 0;
	secret_wipe(key, sizeof(key));
	secret_wipe(line, sizeof(line));
	if (close(fd) != 0 || !written) {
		unlink(path);
		return err_said(
		    arena, ERR_INVALID, "The installation key %s cannot be written. Is the disk full?", path);
	}
	return NULL;
}

fallible
installation_key_load(struct arena *arena, const char *path, bool create, unsigned char out[VAULT_KEY_BYTES])
{
	char text[HEX_CHARS + 2];
	struct stat st;
	size_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT && create) {
		TRY(make_key_file(arena, path));
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		return err_said(arena, ERR_INVALID,
		    "The installation key %s cannot be read: %s. Put it back from the backup; without it nothing "
		    "sealed opens.",
		    path, strerror(errno));
	if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0) {
		close(fd);
		return err_said(
		    arena, ERR_INVALID, "The installation key %s can be read by others. Run: chmod 600 %s", path, path);
	}
	n = (size_t)read(fd, text, sizeof(text));
	close(fd);
	if (n == HEX_CHARS + 1 && text[HEX_CHARS] == '\n')
		n--;
	if (n != HEX_CHARS || sodium_hex2bin(out, VAULT_KEY_BYTES, text, HEX_CHARS, NULL, &n, NULL) != 0 ||
	    n != VAULT_KEY_BYTES) {
		secret_wipe(text, sizeof(text));
		return err_said(arena, ERR_INVALID,
		    "The installation key %s is damaged: it must hold %d hex digits. Put it back from the backup.",
		    path, HEX_CHARS);
	}
	secret_wipe(text, sizeof(text));
	return NULL;
}
