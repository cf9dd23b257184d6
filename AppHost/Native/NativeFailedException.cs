namespace WpAsis.AppHost.Native;

/// <summary>Something a person has to know about or put right; the message says what, without a stack trace.</summary>
public sealed class NativeFailedException : Exception
{
    /// <summary>Without a message.</summary>
    public NativeFailedException() { }

    /// <summary>With the message a person reads.</summary>
    public NativeFailedException(string message)
        : base(message) { }

    /// <summary>With the cause.</summary>
    public NativeFailedException(string message, Exception inner)
        : base(message, inner) { }
}
