using System.Net.Http.Headers;
using System.Security;
using System.Text;

namespace WorkflowEngine.Salesforce.Soap;

/// <summary>An envelope whose session id is filled in when the call's token is known: SOAP carries it in the body.</summary>
internal sealed class SoapContent : ByteArrayContent
{
    private readonly string _client;
    private readonly string _headers;
    private readonly string _body;

    /// <summary>An envelope without session.</summary>
    /// <param name="client">The name our writes carry in change events.</param>
    /// <param name="headers">Further elements of the header.</param>
    /// <param name="body">The element inside the body.</param>
    public SoapContent(string client, string headers, string body)
        : this(client, headers, body, "")
    {
    }

    private SoapContent(string client, string headers, string body, string session)
        : base(Encoding.UTF8.GetBytes(Text(client, headers, body, session)))
    {
        (_client, _headers, _body) = (client, headers, body);
        Headers.ContentType = new MediaTypeHeaderValue("text/xml") { CharSet = "UTF-8" };
    }

    /// <summary>The same with this session.</summary>
    public SoapContent With(string session) => new(_client, _headers, _body, session);

    private static string Text(string client, string headers, string body, string session) =>
        $"""<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com" xmlns:so="urn:sobject.partner.soap.sforce.com"><soapenv:Header><urn:SessionHeader><urn:sessionId>{SecurityElement.Escape(session)}</urn:sessionId></urn:SessionHeader><urn:CallOptions><urn:client>{SecurityElement.Escape(client)}</urn:client></urn:CallOptions>{headers}</soapenv:Header><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>""";
}
