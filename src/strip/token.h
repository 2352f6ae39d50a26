/**
 * @file token.h
 * The kinds of token. Their order carries meaning: words are one range, and the
 * words that may name something are the first part of it.
 *
 * `>` is always one token, because two of them may close two lists of types;
 * where an expression wants `>>=`, strip_rescan_greater() joins them. `/` is
 * always a division, `` ` `` only the start of a template: the parser knows what
 * it expects and scans on from there.
 *
 * Threads: any; constants.
 */
#ifndef HUTCH_STRIP_TOKEN_H
#define HUTCH_STRIP_TOKEN_H

typedef enum strip_token {
    TOKEN_END, /* of the source, and of everything once the parse has failed */
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_TEMPLATE, /* only the backtick */
    TOKEN_PRIVATE,  /* #name */
    TOKEN_AT,
    TOKEN_OPEN_BRACE,
    TOKEN_CLOSE_BRACE,
    TOKEN_OPEN_PAREN,
    TOKEN_CLOSE_PAREN,
    TOKEN_OPEN_BRACKET,
    TOKEN_CLOSE_BRACKET,
    TOKEN_SEMICOLON,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_DOT,
    TOKEN_ELLIPSIS,
    TOKEN_QUESTION,
    TOKEN_QUESTION_DOT,
    TOKEN_ARROW,
    TOKEN_NOT,
    TOKEN_TILDE,
    TOKEN_INCREMENT, /* ++ or -- */
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_STAR,
    TOKEN_SLASH,
    TOKEN_SLASH_ASSIGN,
    TOKEN_PERCENT,
    TOKEN_POWER,
    TOKEN_ASSIGN,
    TOKEN_COMPOUND_ASSIGN, /* += and its kin, without /= */
    TOKEN_LESS,
    TOKEN_GREATER,
    TOKEN_LESS_EQUAL, /* <=, and >= when rescanned */
    TOKEN_SHIFT_LEFT,
    TOKEN_SHIFT_LEFT_ASSIGN,
    TOKEN_SHIFT_RIGHT, /* only when rescanned */
    TOKEN_EQUALITY,    /* == != === !== */
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_XOR,
    TOKEN_LOGICAL_AND,
    TOKEN_LOGICAL_OR,
    TOKEN_COALESCE,

    TOKEN_NAME,
    TOKEN_ABSTRACT,
    TOKEN_ACCESSOR,
    TOKEN_AS,
    TOKEN_ASSERTS,
    TOKEN_ASYNC,
    TOKEN_AWAIT,
    TOKEN_CONSTRUCTOR,
    TOKEN_DECLARE,
    TOKEN_FROM,
    TOKEN_GET,
    TOKEN_GLOBAL,
    TOKEN_IMPLEMENTS,
    TOKEN_INFER,
    TOKEN_INTERFACE,
    TOKEN_IS,
    TOKEN_KEYOF,
    TOKEN_LET,
    TOKEN_MODULE,
    TOKEN_NAMESPACE,
    TOKEN_OF,
    TOKEN_OUT,
    TOKEN_OVERRIDE,
    TOKEN_PRIVATE_WORD,
    TOKEN_PROTECTED,
    TOKEN_PUBLIC,
    TOKEN_READONLY,
    TOKEN_SATISFIES,
    TOKEN_SET,
    TOKEN_STATIC,
    TOKEN_TYPE,
    TOKEN_UNIQUE,
    TOKEN_USING,
    TOKEN_YIELD,

    TOKEN_BREAK,
    TOKEN_CASE,
    TOKEN_CATCH,
    TOKEN_CLASS,
    TOKEN_CONST,
    TOKEN_CONTINUE,
    TOKEN_DEBUGGER,
    TOKEN_DEFAULT,
    TOKEN_DELETE,
    TOKEN_DO,
    TOKEN_ELSE,
    TOKEN_ENUM,
    TOKEN_EXPORT,
    TOKEN_EXTENDS,
    TOKEN_FALSE,
    TOKEN_FINALLY,
    TOKEN_FOR,
    TOKEN_FUNCTION,
    TOKEN_IF,
    TOKEN_IMPORT,
    TOKEN_IN,
    TOKEN_INSTANCEOF,
    TOKEN_NEW,
    TOKEN_NULL,
    TOKEN_RETURN,
    TOKEN_SUPER,
    TOKEN_SWITCH,
    TOKEN_THIS,
    TOKEN_THROW,
    TOKEN_TRUE,
    TOKEN_TRY,
    TOKEN_TYPEOF,
    TOKEN_VAR,
    TOKEN_VOID,
    TOKEN_WHILE,
    TOKEN_WITH,
    TOKEN_COUNT
} strip_token;

/** The first word, and the last word that may name something. */
#define TOKEN_FIRST_WORD TOKEN_NAME
#define TOKEN_LAST_NAME TOKEN_YIELD

#endif
