using System.Net;
using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Reads a vendor's own error body; null = the general rules decide.</summary>
public delegate OperationError? VendorErrorReader(RemoteAnswer answer, CallPurpose purpose);

/// <summary>Turns answers and failures of the transport into error kinds.</summary>
public sealed class HttpErrorClassifier(TimeProvider time, SecretScrubber scrubber, VendorErrorReader? vendor = null)
{
    private const int MostWords = 2000;

    /// <summary>The error of an answer that is no success.</summary>
    public OperationError OfAnswer(RemoteAnswer answer, CallPurpose purpose)
    {
        var error = vendor?.Invoke(answer, purpose) ?? (IsCut(answer, purpose) ? Cut(answer) : General(answer, purpose));
        error = error with { RetryAfter = error.RetryAfter ?? RetryAfter.Of(answer.Headers.RetryAfter, time) };
        // First without secrets, then cut: half a secret would not be known any more.
        error = scrubber.Scrub(error);
        return error.Message.Length > MostWords ? error with { Message = error.Message[..MostWords] } : error;
    }

    /// <summary>The kind the status alone speaks for.</summary>
    public static ErrorKind KindOf(HttpStatusCode status, CallPurpose purpose, bool asksToWait) => (int)status switch
    {
        429 => ErrorKind.RateLimited,
        401 => ErrorKind.Authentication,
        402 or 403 or 404 or 405 or 406 or 415 or 501 => ErrorKind.Misconfigured,
        300 or 409 or 412 => ErrorKind.Conflict,
        413 or 414 or 431 => ErrorKind.BatchScoped,
        // A server that names a time has refused on purpose and did nothing; another 5xx may come after the work was done.
        503 when asksToWait => ErrorKind.Transient,
        408 or >= 500 => purpose == CallPurpose.Create ? ErrorKind.UnknownOutcome : ErrorKind.Transient,
        >= 300 and < 400 => ErrorKind.Misconfigured,
        _ => ErrorKind.Rejected,
    };

    /// <summary>True when the status says that nothing was changed.</summary>
    public static bool SurelyNotExecuted(HttpStatusCode status, bool asksToWait) => (int)status is (>= 300 and < 500 and not 408) || (status == HttpStatusCode.ServiceUnavailable && asksToWait);

    /// <summary>The error of a call whose answer never came whole.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="timedOut">Our own time limit ended it.</param>
    /// <param name="purpose">What the call does.</param>
    public OperationError OfFailure(Exception failure, bool timedOut, CallPurpose purpose)
    {
        var error = failure switch
        {
            CallRefusedException refused => refused.Error,
            ResponseTooLargeException tooLarge => Lost("tooLarge", tooLarge.Message, purpose, ErrorKind.BatchScoped),
            _ when TooLarge(failure) => Lost("tooLarge", "The answer is larger than the connection takes.", purpose, ErrorKind.BatchScoped),
            SendFailedException { InnerException: var inner } when Refusal(inner) is { } refused => new OperationError(ErrorKind.Misconfigured, "outboundRefused", refused.Message) { NotExecuted = true },
            SendFailedException { Sent: false } when timedOut => NotSent("timeout", "The time limit passed before the request was sent."),
            SendFailedException { Sent: false, InnerException: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } } => NotSent("nameResolution", "The host's name could not be resolved."),
            SendFailedException { Sent: false, InnerException: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } } => NotSent("tls", "No secure connection could be made."),
            SendFailedException { Sent: false } => NotSent("connect", "No connection could be made."),
            SendFailedException or HttpRequestException or IOException when !timedOut => Lost("reset", "The connection broke before the answer was whole.", purpose, ErrorKind.Transient),
            SendFailedException or HttpRequestException or IOException => Lost("timeout", "No answer within the time limit.", purpose, ErrorKind.Transient),
            // The time limit ended the wait for the budget or for a token: nothing of this call has left.
            OperationCanceledException => NotSent("timeout", "The time limit passed before the request was sent."),
            _ => new OperationError(ErrorKind.Bug, "bug", failure.GetType().Name),
        };
        return scrubber.Scrub(error);
    }

    /// <summary>The error of a success whose body cannot be read.</summary>
    public OperationError Malformed(HttpStatusCode status, string what, CallPurpose purpose) =>
        scrubber.Scrub(Lost("malformed", $"The answer (HTTP {(int)status}) could not be read: {what}", purpose, ErrorKind.Transient));

    private static OperationError Lost(string code, string message, CallPurpose purpose, ErrorKind read) =>
        new(purpose == CallPurpose.Read ? read : ErrorKind.UnknownOutcome, code, message);

    private static OperationError NotSent(string code, string message) => new(ErrorKind.Transient, code, message) { NotExecuted = true };

    private static bool TooLarge(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } or SendFailedException { InnerException: HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } };

    private static OutboundRefusedException? Refusal(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is OutboundRefusedException refused) return refused;
        }

        return null;
    }

    /// <summary>A refusal of the record whose words came broken: nobody knows what was said of it, and nothing was done. Plain text that only calls itself JSON is a refusal like any other.</summary>
    private static bool IsCut(RemoteAnswer answer, CallPurpose purpose)
    {
        if (KindOf(answer.Status, purpose, answer.Headers.RetryAfter is not null) != ErrorKind.Rejected || answer.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) != true) return false;
        if (answer.Body.Span.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..]) return false;
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static OperationError Cut(RemoteAnswer answer) =>
        new(ErrorKind.Transient, "malformed", $"The refusal (HTTP {(int)answer.Status}) could not be read.") { NotExecuted = true };

    private static OperationError General(RemoteAnswer answer, CallPurpose purpose)
    {
        var asksToWait = answer.Headers.RetryAfter is not null;
        var code = ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new OperationError(KindOf(answer.Status, purpose, asksToWait), code, Words(answer)) { NotExecuted = SurelyNotExecuted(answer.Status, asksToWait) };
    }

    // The usual places of an explanation: problem details, OAuth errors, API gateways. HTML and other bodies are not quoted.
    private static string Words(RemoteAnswer answer)
    {
        var status = $"HTTP {(int)answer.Status}";
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return status;
            foreach (var name in (ReadOnlySpan<string>)["detail", "title", "error_description", "message", "error"])
            {
                if (document.RootElement.TryGetProperty(name, out var words) && words.ValueKind == JsonValueKind.String && words.GetString() is { Length: > 0 } text) return $"{status}: {text}";
            }
        }
        catch (JsonException)
        {
            return status;
        }

        return status;
    }
}
