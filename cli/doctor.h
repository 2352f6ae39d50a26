/**
 * @file doctor.h
 * `hutch doctor`: what holds the workers on this machine.
 *
 * Threads: one.
 */
#ifndef HUTCH_CLI_DOCTOR_H
#define HUTCH_CLI_DOCTOR_H

/** @param texts  the command line after `doctor` @return what to exit with */
int cli_doctor(int count, char **texts);

#endif
