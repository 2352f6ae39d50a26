class C<T> extends Array<T> implements I {
    private field!: string
    f<U>(this: C<T>, a?: U): a is U {
        return <any>a
    }
}
