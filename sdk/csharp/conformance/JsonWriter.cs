// Writes JSON on one line.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

internal static class JsonWriter
{
    /// <param name="value">what to write</param>
    /// <param name="isSorted">members in the order of their names: so equal objects are equal texts</param>
    internal static string Write(object value, bool isSorted = false)
    {
        if (value == null)
        {
            return "null";
        }
        if (value is bool flag)
        {
            return flag ? "true" : "false";
        }
        if (value is string text)
        {
            return Text(text);
        }
        if (value is double number)
        {
            return number.ToString("R", CultureInfo.InvariantCulture);
        }
        if (value is IReadOnlyDictionary<string, object> members)
        {
            IEnumerable<KeyValuePair<string, object>> all = members;
            all = isSorted ? all.OrderBy(pair => pair.Key, StringComparer.Ordinal) : all;
            IEnumerable<string> written = all.Select(pair => Text(pair.Key) + ":" + Write(pair.Value, isSorted));
            return "{" + string.Join(",", written) + "}";
        }
        if (value is IEnumerable<object> list)
        {
            return "[" + string.Join(",", list.Select(item => Write(item, isSorted))) + "]";
        }
        return Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    private static string Text(string text)
    {
        var written = new StringBuilder("\"");
        foreach (char character in text)
        {
            if (character == '"' || character == '\\')
            {
                written.Append('\\').Append(character);
            }
            else if (character < ' ' || char.IsSurrogate(character))
            {
                written.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                written.Append(character);
            }
        }
        return written.Append('"').ToString();
    }
}
